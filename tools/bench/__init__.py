"""`make bench`: how fast pages and acts are, beside a bare page and a bare insert of the same run."""

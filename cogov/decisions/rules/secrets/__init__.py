"""Secret ballots: a token that names nobody, a ballot that stays sealed until two of three holders open the box."""

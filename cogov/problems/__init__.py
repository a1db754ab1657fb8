"""Problems: what people raise, who else meets it, whether it is the same as another, and which way it goes."""

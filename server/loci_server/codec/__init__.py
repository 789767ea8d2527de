"""Between the wire and the domain: names, page tokens, etags, filters, stored rows. No I/O."""

package dev.loci.errors;

import java.io.Serializable;

/** One field of a request, or one precondition, and what is wrong with it. */
public record FieldViolation(String field, String description) implements Serializable {}

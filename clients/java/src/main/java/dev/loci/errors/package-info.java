/** Every error that a call can end with, as one tree below {@link dev.loci.errors.LociException}. */
package dev.loci.errors;

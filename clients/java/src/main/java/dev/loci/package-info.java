/** The client of Loci, a memory server for AI agents. Begin at {@link dev.loci.Loci}. */
package dev.loci;

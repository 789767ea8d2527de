package loci

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"

	"loci.dev/go/lociv1"
)

// What an import keeps in mind: which chunks are on their way, what the server has, what became of the items. No I/O.
//
// Chunks are numbered from 1 and cut by count and size alone, so that the same items with the same chunk size make the same
// chunks each time; that is what lets an import be taken up again.

const (
	defaultChunkSize = 1000
	maxChunkSize     = 10_000
	// chunkBytes: a chunk that reaches this is closed; with the largest item it still fits into one message.
	chunkBytes = 4 << 20
	// inFlight chunks are sent and not yet acknowledged.
	inFlight = 4
)

// ItemFailure is an item that was left out.
type ItemFailure struct {
	// Index is its place among all items, from 0.
	Index int
	Err   error
}

// ImportSummary says how an import went. Counts of nodes, edges and failures are of the whole import, earlier runs included.
type ImportSummary struct {
	ImportID    string
	NodeCount   int64
	EdgeCount   int64
	FailedCount int64
	// KeptCount is of the items of this run whose id was taken and that gave way.
	KeptCount int64
	// ChunkCount is of the chunks that this run had acknowledged.
	ChunkCount int64
	// SkippedChunkCount is of the chunks that the server had from an earlier run.
	SkippedChunkCount int64
	// Revision of the last commit of this run; 0 if it wrote nothing.
	Revision int64
	// Errors are the items of this run that were left out (SkipBad).
	Errors []ItemFailure
}

// sentChunk is on its way.
type sentChunk struct {
	start int
	items *lociv1.ImportItems
}

// importBook is the state of one Import.
type importBook struct {
	summary ImportSummary

	strict bool
	// resumedAt is the sequence that the server went on at when this run began; 0 before its first answer.
	resumedAt    int64
	nextSequence int64
	nextIndex    int
	// waiting for their acknowledgement, in order.
	waiting  []sentChunk
	lastSent int64
}

func newImportBook(importID string, strict bool) *importBook {
	return &importBook{summary: ImportSummary{ImportID: importID}, strict: strict, nextSequence: 1}
}

// hasRoom for another chunk before an acknowledgement.
func (b *importBook) hasRoom() bool { return len(b.waiting) < inFlight }

// isEmpty: all that was sent is acknowledged.
func (b *importBook) isEmpty() bool { return len(b.waiting) == 0 }

// connected takes the first answer of a connection. What an earlier connection left unacknowledged is sent again, also if the
// server has it: it answers as the first time.
func (b *importBook) connected(state *lociv1.ImportState) {
	b.lastSent = 0
	if b.resumedAt != 0 {
		return
	}
	b.resumedAt = state.GetNextSequence()
	b.summary.NodeCount = state.GetNodeCount()
	b.summary.EdgeCount = state.GetEdgeCount()
	b.summary.FailedCount = state.GetFailedCount()
}

// add takes the next chunk, and leaves it if the server had it before this run. The first and the last of these are sent all
// the same: the server refuses them if they hold other items than before.
func (b *importBook) add(items []*lociv1.BulkItem) {
	sequence, start := b.nextSequence, b.nextIndex
	b.nextSequence++
	b.nextIndex += len(items)
	if b.had(sequence) && sequence != 1 && sequence != b.resumedAt-1 {
		b.summary.SkippedChunkCount++
		return
	}
	b.waiting = append(b.waiting, sentChunk{start, &lociv1.ImportItems{Sequence: sequence, Items: items}})
}

// had: the server had this chunk before this run.
func (b *importBook) had(sequence int64) bool { return sequence < b.resumedAt }

// sendable is what may be sent now over this connection; it counts as sent.
func (b *importBook) sendable() []*lociv1.ImportItems {
	var chunks []*lociv1.ImportItems
	for _, chunk := range b.waiting {
		if sequence := chunk.items.GetSequence(); sequence > b.lastSent {
			chunks = append(chunks, chunk.items)
			b.lastSent = sequence
		}
	}
	return chunks
}

// acknowledge counts a chunk. It fails with BadItems if the chunk was refused for its items.
func (b *importBook) acknowledge(result *lociv1.ChunkResult) error {
	at := -1
	for i, chunk := range b.waiting {
		if chunk.items.GetSequence() == result.GetSequence() {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	start := b.waiting[at].start
	b.waiting = append(b.waiting[:at:at], b.waiting[at+1:]...)
	if b.had(result.GetSequence()) {
		b.summary.SkippedChunkCount++
		return nil
	}
	var failures []ItemFailure
	for _, bad := range result.GetErrors() {
		failures = append(failures, ItemFailure{start + int(bad.GetIndex()), FromStatus(bad.GetStatus())})
	}
	if len(failures) > 0 && b.strict {
		return badItems(failures)
	}
	b.summary.NodeCount += result.GetNodeCount()
	b.summary.EdgeCount += result.GetEdgeCount()
	b.summary.KeptCount += result.GetKeptCount()
	b.summary.FailedCount += int64(len(failures))
	b.summary.Errors = append(b.summary.Errors, failures...)
	b.summary.ChunkCount++
	b.summary.Revision = max(b.summary.Revision, result.GetRevision())
	return nil
}

// place says in the error of a chunk that the server refused for its items which of all items these are. Chunks are worked on
// in their order, so it was the first that is not acknowledged.
func (b *importBook) place(failure *Error) {
	if failure.Reason != BadItems || len(failure.Items) > 0 || b.isEmpty() {
		return
	}
	for _, detail := range failure.Details {
		if bad, is := detail.(*lociv1.ItemError); is {
			index := b.waiting[0].start + int(bad.GetIndex())
			failure.Items = append(failure.Items, ItemFailure{index, FromStatus(bad.GetStatus())})
		}
	}
	if len(failure.Items) > 0 {
		first := failure.Items[0]
		failure.cause = first.Err
		failure.Message = fmt.Sprintf("%s; the first is item %d: %v", strings.TrimRight(failure.Message, "."), first.Index, first.Err)
	}
}

// unsendable says of a chunk that gRPC refused to send for its text in which of all items that is.
func (b *importBook) unsendable(chunk *lociv1.ImportItems, err error) error {
	if !errors.Is(err, InvalidArgument) {
		return err
	}
	for _, sent := range b.waiting {
		if sent.items != chunk {
			continue
		}
		for i, item := range chunk.GetItems() {
			if field := brokenText(item.ProtoReflect()); field != "" {
				return refusedText(field, fmt.Sprintf("item %d: ", sent.start+i), err)
			}
		}
	}
	return err
}

func badItems(failures []ItemFailure) *Error {
	first := failures[0]
	return &Error{
		Code: codes.InvalidArgument, Reason: BadItems, Items: failures, cause: first.Err,
		Message: fmt.Sprintf("%d bad items; the first is item %d: %v", len(failures), first.Index, first.Err),
	}
}

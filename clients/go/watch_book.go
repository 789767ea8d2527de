package loci

import "loci.dev/go/lociv1"

// What a watch keeps between messages: how far it is, and the pieces of a large commit. No I/O.

// pieces puts the pieces of a large commit together.
type pieces struct {
	// pending is a commit of which the rest is still to come.
	pending *lociv1.CommitChanges
}

// add gives the commit, if this was its last piece; WatchGap if another one of the same graph is pending.
func (p *pieces) add(piece *lociv1.CommitChanges) (*lociv1.CommitChanges, error) {
	begun := p.pending
	switch {
	case begun == nil || begun.GetGraph() != piece.GetGraph():
		begun = piece
	case begun.GetRevision() == piece.GetRevision():
		begun.Changes = append(begun.Changes, piece.GetChanges()...)
	default:
		return nil, gap("revision %d comes before the rest of %d", piece.GetRevision(), begun.GetRevision())
	}
	if piece.GetPartial() {
		p.pending = begun
		return nil, nil
	}
	p.pending = nil
	begun.Partial = false
	begun.ResumeToken = piece.GetResumeToken()
	return begun, nil
}

// watchBook of a watch of one graph checks that nothing is missing.
type watchBook struct {
	resumeToken string
	revision    int64

	// dense: it has no filter, and each revision has its commit.
	dense bool
	// asked is the revision that the watch was asked to begin behind.
	asked *int64
	// known: revision is that of resumeToken.
	known bool
	// covered is the revision that the next message must go on behind.
	covered *int64
	pieces  pieces
}

func newWatchBook(resumeToken string, after *int64, dense bool) *watchBook {
	book := &watchBook{resumeToken: resumeToken, dense: dense}
	if after != nil {
		book.revision = *after
		if resumeToken == "" {
			book.asked = after
		}
	}
	return book
}

func (b *watchBook) token() string { return b.resumeToken }

// connect begins a new stream, behind resumeToken.
func (b *watchBook) connect() {
	b.pieces.pending = nil
	b.covered = b.asked
	if b.resumeToken != "" {
		b.covered = nil
		if b.known {
			revision := b.revision
			b.covered = &revision
		}
	}
}

// take gives the whole commits of a message, each after resumeToken and revision were moved behind it; false if the reader
// wants no more. WatchGap comes before any of them.
func (b *watchBook) take(response *lociv1.WatchResponse, yield func(*lociv1.CommitChanges) bool) (bool, error) {
	if b.covered != nil && response.GetAfterRevision() != *b.covered {
		return false, gap("a message goes on behind revision %d, not %d", response.GetAfterRevision(), *b.covered)
	}
	if err := checkDensity(response, b.pieces.pending, b.dense); err != nil {
		return false, err
	}
	if b.covered == nil {
		b.revision = response.GetAfterRevision()
	}
	b.known = true
	for _, piece := range response.GetCommits() {
		commit, err := b.pieces.add(piece)
		if err != nil {
			return false, err
		}
		if commit == nil {
			continue
		}
		b.resumeToken, b.revision = commit.GetResumeToken(), commit.GetRevision()
		if len(commit.GetChanges()) > 0 && !yield(commit) {
			return false, nil
		}
	}
	return true, nil
}

// passed: the message is done with.
func (b *watchBook) passed(response *lociv1.WatchResponse) {
	end := response.GetEndRevision()
	b.covered = &end
	if b.pieces.pending == nil {
		b.resumeToken, b.revision = response.GetResumeToken(), end
	}
}

// checkDensity gives WatchGap unless the commits of a message are what its revisions can have. begun: the commit whose pieces
// went before; they follow each other to the last one, which says that there are no more.
func checkDensity(response *lociv1.WatchResponse, begun *lociv1.CommitChanges, dense bool) error {
	last, pending := response.GetAfterRevision(), int64(0)
	if begun != nil {
		pending = begun.GetRevision()
	}
	for _, piece := range response.GetCommits() {
		revision := piece.GetRevision()
		if pending != 0 && revision != pending {
			return gap("revision %d comes before the rest of %d", revision, pending)
		}
		if revision <= last || dense && revision != last+1 {
			return gap("revision %d comes behind %d", revision, last)
		}
		if piece.GetPartial() {
			pending = revision
		} else {
			pending, last = 0, revision
		}
	}
	if pending != 0 {
		last = pending - 1 // that much of it is told, not more
	}
	end := response.GetEndRevision()
	if last > end || last < end && (dense || pending != 0) {
		return gap("a message ends with revision %d, its commits with %d", end, last)
	}
	return nil
}

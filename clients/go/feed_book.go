package loci

import "loci.dev/go/lociv1"

// FeedItem is what a watch of all graphs tells: a commit of one of them, or what became of a graph. One of both is set.
type FeedItem struct {
	Commit *lociv1.CommitChanges
	Event  *lociv1.GraphEvent
}

// feedBook of a watch of all graphs checks that nothing is missing.
type feedBook struct {
	resumeToken string

	// dense: it has no filter, and the revisions of each graph follow each other.
	dense     bool
	revisions map[string]int64
	pieces    pieces
	// torn are graphs with a commit that was left before its last piece: they are deleted, or something is missing.
	torn map[string]bool
}

func newFeedBook(resumeToken string, dense bool) *feedBook {
	return &feedBook{
		resumeToken: resumeToken, dense: dense, revisions: make(map[string]int64), torn: make(map[string]bool),
	}
}

func (b *feedBook) token() string { return b.resumeToken }

// connect begins a new stream, behind resumeToken.
func (b *feedBook) connect() {
	b.pieces.pending = nil
	clear(b.torn)
}

// take gives what became of graphs, and whole commits, each of these after resumeToken was moved behind it; false if the
// reader wants no more.
func (b *feedBook) take(response *lociv1.WatchResponse, yield func(FeedItem) bool) (bool, error) {
	for _, event := range response.GetGraphEvents() {
		b.note(event)
		if !yield(FeedItem{Event: event}) {
			return false, nil
		}
	}
	for _, piece := range response.GetCommits() {
		if err := b.leaveFor(piece.GetGraph()); err != nil {
			return false, err
		}
		commit, err := b.pieces.add(piece)
		if err != nil {
			return false, err
		}
		if commit == nil {
			continue
		}
		if err := b.check(commit); err != nil {
			return false, err
		}
		b.resumeToken = commit.GetResumeToken()
		if len(commit.GetChanges()) > 0 && !yield(FeedItem{Commit: commit}) {
			return false, nil
		}
	}
	return true, nil
}

// passed: the message is done with.
func (b *feedBook) passed(response *lociv1.WatchResponse) {
	if b.pieces.pending == nil {
		b.resumeToken = response.GetResumeToken()
	}
}

func (b *feedBook) note(event *lociv1.GraphEvent) {
	graph := event.GetGraph()
	if b.pieces.pending != nil && b.pieces.pending.GetGraph() == graph {
		b.pieces.pending = nil
	}
	delete(b.torn, graph)
	if event.GetKind() == lociv1.GraphEventKind_GRAPH_EVENT_KIND_DELETED {
		delete(b.revisions, graph)
	} else {
		b.revisions[graph] = event.GetRevision()
	}
}

// leaveFor: a piece of this graph comes next.
func (b *feedBook) leaveFor(graph string) error {
	if b.torn[graph] {
		return gap("%s goes on, but the rest of a commit never came", graph)
	}
	if b.pieces.pending != nil && b.pieces.pending.GetGraph() != graph {
		b.torn[b.pieces.pending.GetGraph()] = true
	}
	return nil
}

func (b *feedBook) check(commit *lociv1.CommitChanges) error {
	graph, revision := commit.GetGraph(), commit.GetRevision()
	before, known := b.revisions[graph]
	if !known {
		before = revision - 1
	}
	if revision <= before || b.dense && revision != before+1 {
		return gap("%s goes on with revision %d behind %d", graph, revision, before)
	}
	b.revisions[graph] = revision
	return nil
}

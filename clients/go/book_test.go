package loci

import (
	"errors"
	"fmt"
	"testing"

	"loci.dev/go/lociv1"
)

func commit(revision int64) *lociv1.CommitChanges {
	return &lociv1.CommitChanges{
		Revision: revision, ResumeToken: fmt.Sprintf("behind %d", revision), Changes: []*lociv1.Change{{Name: "graphs/g/nodes/n"}},
	}
}

// piece of a commit, with which the next one goes on.
func piece(revision int64) *lociv1.CommitChanges {
	made := commit(revision)
	made.Partial = true
	return made
}

func of(graph string, commit *lociv1.CommitChanges) *lociv1.CommitChanges {
	commit.Graph = graph
	commit.ResumeToken = fmt.Sprintf("behind %s%d", graph, commit.GetRevision())
	return commit
}

// window is a message of a watch of one graph.
func window(after, end int64, commits ...*lociv1.CommitChanges) *lociv1.WatchResponse {
	return &lociv1.WatchResponse{
		AfterRevision: after, EndRevision: end, Commits: commits, ResumeToken: fmt.Sprintf("behind %d", end),
	}
}

// news is a message of a watch of all graphs.
func news(event *lociv1.GraphEvent, commits ...*lociv1.CommitChanges) *lociv1.WatchResponse {
	made := &lociv1.WatchResponse{Commits: commits, ResumeToken: "behind all"}
	if event != nil {
		made.GraphEvents = []*lociv1.GraphEvent{event}
	}
	return made
}

func told(messages ...*lociv1.WatchResponse) []*lociv1.WatchResponse { return messages }

// read by a book until something is missing.
func read[T any](book book[T], messages []*lociv1.WatchResponse) (given []T, err error) {
	book.connect()
	for _, message := range messages {
		if _, err := book.take(message, func(one T) bool { given = append(given, one); return true }); err != nil {
			return given, err
		}
		book.passed(message)
	}
	return given, nil
}

func behindTen(dense bool) *watchBook {
	ten := int64(10)
	return newWatchBook("", &ten, dense)
}

// The messages are made anew for each book, which joins pieces in place.
var (
	right = map[string]func() []*lociv1.WatchResponse{
		"one by one": func() []*lociv1.WatchResponse {
			return told(window(10, 10), window(10, 11, commit(11)), window(11, 13, commit(12), commit(13)))
		},
		"quiet": func() []*lociv1.WatchResponse {
			return told(window(10, 10), window(10, 10), window(10, 11, commit(11)))
		},
		"pieces in one message": func() []*lociv1.WatchResponse {
			return told(window(10, 12, piece(11), piece(11), commit(11), commit(12)))
		},
		"pieces over messages": func() []*lociv1.WatchResponse {
			return told(window(10, 11, commit(11), piece(12)), window(11, 11), window(11, 12, commit(12)))
		},
	}
	wrong = map[string]func() []*lociv1.WatchResponse{
		"not where it was asked to begin": func() []*lociv1.WatchResponse { return told(window(50, 51, commit(51))) },
		"another place than before": func() []*lociv1.WatchResponse {
			return told(window(10, 11, commit(11)), window(12, 13, commit(13)))
		},
		"an earlier place than before": func() []*lociv1.WatchResponse {
			return told(window(10, 11, commit(11)), window(10, 11, commit(11)))
		},
		"doubled":                      func() []*lociv1.WatchResponse { return told(window(10, 12, commit(11), commit(11), commit(12))) },
		"out of order":                 func() []*lociv1.WatchResponse { return told(window(10, 12, commit(12), commit(11))) },
		"before its window":            func() []*lociv1.WatchResponse { return told(window(10, 11, commit(10), commit(11))) },
		"behind its window":            func() []*lociv1.WatchResponse { return told(window(10, 11, commit(11), commit(12))) },
		"an end before the beginning":  func() []*lociv1.WatchResponse { return told(window(10, 9)) },
		"rest of another commit":       func() []*lociv1.WatchResponse { return told(window(10, 10, piece(11)), window(10, 12, commit(12))) },
		"rest that never comes":        func() []*lociv1.WatchResponse { return told(window(10, 11, piece(11))) },
		"a piece within":               func() []*lociv1.WatchResponse { return told(window(10, 13, piece(11), commit(13))) },
		"a piece of something later":   func() []*lociv1.WatchResponse { return told(window(10, 10, piece(12))) },
		"a piece behind another piece": func() []*lociv1.WatchResponse { return told(window(10, 10, piece(11), piece(12))) },
	}
	withoutAFilter = map[string]func() []*lociv1.WatchResponse{
		"left out at the beginning": func() []*lociv1.WatchResponse { return told(window(10, 12, commit(12))) },
		"left out in the middle":    func() []*lociv1.WatchResponse { return told(window(10, 13, commit(11), commit(13))) },
		"left out at the end":       func() []*lociv1.WatchResponse { return told(window(10, 12, commit(11))) },
		"left out altogether":       func() []*lociv1.WatchResponse { return told(window(10, 12)) },
		"left out before a piece":   func() []*lociv1.WatchResponse { return told(window(10, 12, commit(11), piece(13))) },
	}
)

func TestWhatIsWholeIsGivenOut(t *testing.T) {
	for name, messages := range right {
		for _, dense := range []bool{true, false} {
			book := behindTen(dense)
			commits, err := read(book, messages())
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			for i, one := range commits {
				if one.GetRevision() != int64(11+i) || one.GetPartial() {
					t.Errorf("%s: %v", name, one)
				}
			}
			last := commits[len(commits)-1].GetRevision()
			if book.revision != last || book.resumeToken != fmt.Sprintf("behind %d", last) {
				t.Errorf("%s: at %d, %s", name, book.revision, book.resumeToken)
			}
		}
	}
}

func TestWhatIsNotWholeIsAGap(t *testing.T) {
	for name, messages := range wrong {
		for _, dense := range []bool{true, false} {
			if _, err := read(behindTen(dense), messages()); !errors.Is(err, WatchGap) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name, messages := range withoutAFilter {
		if _, err := read(behindTen(true), messages()); !errors.Is(err, WatchGap) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := read(behindTen(false), messages()); err != nil {
			t.Errorf("%s under a filter: %v", name, err)
		}
	}
}

func happened(graph string, kind lociv1.GraphEventKind, revision int64) *lociv1.GraphEvent {
	return &lociv1.GraphEvent{Graph: graph, Kind: kind, Revision: revision}
}

func TestAGapInAnyGraphIsOne(t *testing.T) {
	restored := lociv1.GraphEventKind_GRAPH_EVENT_KIND_RESTORED
	for name, messages := range map[string]func() []*lociv1.WatchResponse{
		"doubled": func() []*lociv1.WatchResponse { return told(news(nil, of("a", commit(5)), of("a", commit(5)))) },
		"out of order": func() []*lociv1.WatchResponse {
			return told(news(nil, of("a", commit(5))), news(nil, of("a", commit(4))))
		},
		"not behind its event": func() []*lociv1.WatchResponse { return told(news(happened("a", restored, 7), of("a", commit(7)))) },
		"rest of another commit": func() []*lociv1.WatchResponse {
			return told(news(nil, of("a", piece(5))), news(nil, of("a", commit(6))))
		},
		"rest that never comes": func() []*lociv1.WatchResponse {
			return told(news(nil, of("a", piece(5))), news(nil, of("b", commit(1))), news(nil, of("a", commit(9))))
		},
		"rest that comes late": func() []*lociv1.WatchResponse {
			return told(news(nil, of("a", piece(5)), of("b", piece(1)), of("b", commit(1)), of("a", commit(5))))
		},
	} {
		for _, dense := range []bool{true, false} {
			if _, err := read(newFeedBook("", dense), messages()); !errors.Is(err, WatchGap) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestRevisionsOfAllGraphsAreDenseWithoutAFilter(t *testing.T) {
	messages := func() []*lociv1.WatchResponse {
		return told(news(nil, of("a", commit(5)), of("b", commit(9)), of("a", commit(7))))
	}
	if items, err := read(newFeedBook("", false), messages()); err != nil || len(items) != 3 {
		t.Errorf("%v %v", items, err)
	}
	if _, err := read(newFeedBook("", true), messages()); !errors.Is(err, WatchGap) {
		t.Errorf("%v", err)
	}
}

func TestACommitMayEndWithItsGraph(t *testing.T) {
	for _, kind := range []lociv1.GraphEventKind{1, 2, 3} {
		var late []*lociv1.CommitChanges
		if kind == lociv1.GraphEventKind_GRAPH_EVENT_KIND_CREATED {
			late = append(late, of("a", commit(1)))
		}
		items, err := read(newFeedBook("", true), told(
			news(nil, of("a", piece(5))), news(nil, of("b", commit(1))), news(happened("a", kind, 0), late...)))
		if err != nil || len(items) != 2+len(late) || items[1].Event.GetKind() != kind {
			t.Errorf("%v: %v %v", kind, items, err)
		}
	}
}

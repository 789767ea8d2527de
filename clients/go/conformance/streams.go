package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	loci "loci.dev/go"
	"loci.dev/go/lociv1"
)

func (a *agent) importItems(ctx context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	items := make([]*lociv1.BulkItem, len(told.Items))
	for i, text := range told.Items {
		items[i] = &lociv1.BulkItem{}
		if err := parse(text, items[i]); err != nil {
			return nil, err
		}
	}
	summary, err := client.Import(ctx, told.Graph, loci.Each(items...), loci.ImportOptions{
		ImportID:  told.ImportID,
		ChunkSize: told.ChunkSize,
		OnBad:     map[string]lociv1.ErrorPolicy{"": 0, "abort": loci.AbortOnBad, "skip": loci.SkipBad}[told.OnError],
		OnConflict: map[string]lociv1.ConflictPolicy{
			"": 0, "fail": loci.FailOnConflict, "keep": loci.KeepOnConflict, "replace": loci.ReplaceOnConflict,
		}[told.OnConflict],
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"summary": map[string]any{
		"node_count": summary.NodeCount, "edge_count": summary.EdgeCount, "failed_count": summary.FailedCount,
		"kept_count": summary.KeptCount, "chunk_count": summary.ChunkCount,
		"skipped_chunk_count": summary.SkippedChunkCount, "revision": summary.Revision, "errors": places(summary.Errors),
	}}, nil
}

func (a *agent) exportItems(ctx context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	items := []json.RawMessage{}
	for item, err := range client.Export(ctx, told.Graph, loci.ExportOptions{}) {
		if err != nil {
			return nil, err
		}
		text, err := rendered(item)
		if err != nil {
			return nil, err
		}
		items = append(items, text)
	}
	return map[string]any{"items": items}, nil
}

// tale is what a watch told last, and the token behind it.
type tale struct {
	message proto.Message
	token   string
	err     error
}

// watch is read by a goroutine of its own, one message ahead of the driver.
type watch struct {
	reading sync.Mutex // by one `next` at a time
	tales   chan tale
	token   string
	held    []json.RawMessage // what came, for a `next` that asked for more
	ended   error
	cancel  context.CancelFunc
}

func (a *agent) watch(ctx context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	filter := &lociv1.WatchFilter{}
	if err := parse(told.Filter, filter); err != nil {
		return nil, err
	}
	options := loci.WatchOptions{Filter: filter}
	switch {
	case told.ResumeToken != "":
		options.Start = loci.Resume(told.ResumeToken)
	case told.AfterRevision != nil:
		options.Start = loci.After(*told.AfterRevision)
	case told.Start == "oldest":
		options.Start = loci.Oldest()
	}
	ctx, cancel := context.WithCancel(ctx)
	opened := &watch{tales: make(chan tale), held: []json.RawMessage{}, cancel: cancel}
	var read func()
	if told.Graph == "-" {
		feed := client.WatchAll(ctx, options)
		err, opened.token = feed.Ready(), feed.ResumeToken()
		read = func() { opened.readFeed(ctx, feed) }
	} else {
		commits := client.Watch(ctx, told.Graph, options)
		err, opened.token = commits.Ready(), commits.ResumeToken()
		read = func() { opened.readCommits(ctx, commits) }
	}
	if err != nil {
		cancel()
		return nil, err
	}
	go read()
	a.lock.Lock()
	defer a.lock.Unlock()
	a.watches[told.Watch] = opened
	return nothing{}, nil
}

func (w *watch) readCommits(ctx context.Context, commits *loci.Watch) {
	for commit, err := range commits.Commits() {
		if !w.tell(ctx, tale{commit, commits.ResumeToken(), err}) {
			return
		}
	}
}

func (w *watch) readFeed(ctx context.Context, feed *loci.WatchAll) {
	for item, err := range feed.Items() {
		told := tale{item.Commit, feed.ResumeToken(), err}
		if item.Event != nil {
			told.message = item.Event
		}
		if !w.tell(ctx, told) {
			return
		}
	}
}

func (w *watch) tell(ctx context.Context, told tale) bool {
	select {
	case w.tales <- told:
		return true
	case <-ctx.Done():
		return false
	}
}

func (a *agent) next(ctx context.Context, told command) (any, error) {
	a.lock.Lock()
	opened, known := a.watches[told.Watch]
	a.lock.Unlock()
	if !known {
		return nil, fmt.Errorf("there is no watch %q", told.Watch)
	}
	opened.reading.Lock()
	defer opened.reading.Unlock()
	patience := 10 * time.Second
	if told.TimeoutMS != nil {
		patience = milliseconds(*told.TimeoutMS)
	}
	late := time.After(patience)
	for len(opened.held) < told.Count {
		if opened.ended != nil {
			return nil, opened.ended
		}
		select {
		case tale := <-opened.tales:
			if err := opened.keep(tale); err != nil {
				return nil, err
			}
		case <-late:
			return nil, fmt.Errorf("%w: %d of %d", errTimeout, len(opened.held), told.Count)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	commits := opened.held
	opened.held = []json.RawMessage{}
	return map[string]any{"commits": commits, "resume_token": opened.token}, nil
}

func (w *watch) keep(told tale) (err error) {
	if told.err != nil {
		w.ended = told.err
		return nil
	}
	text, err := rendered(told.message)
	w.held, w.token = append(w.held, text), told.token
	return err
}

func (a *agent) unwatch(_ context.Context, told command) (any, error) {
	a.lock.Lock()
	defer a.lock.Unlock()
	if opened, known := a.watches[told.Watch]; known {
		opened.cancel()
		delete(a.watches, told.Watch)
	}
	return nothing{}, nil
}

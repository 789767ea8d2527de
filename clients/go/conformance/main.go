// The agent of the Go client: it does what the conformance driver tells it on standard input, one JSON object a line, and
// says on standard output how it went. tests/conformance/README.md has the protocol.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"

	loci "loci.dev/go"
)

func main() {
	agent := &agent{
		answers: json.NewEncoder(os.Stdout),
		clients: make(map[string]*loci.Client),
		watches: make(map[string]*watch),
	}
	if err := agent.run(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "loci-agent-go:", err)
		os.Exit(1)
	}
}

// command is one line of the driver.
type command struct {
	ID int64  `json:"id"`
	Op string `json:"op"`

	Client    string `json:"client"`
	Address   string `json:"address"`
	APIKey    string `json:"api_key"`
	Roots     string `json:"roots"`
	Insecure  bool   `json:"insecure"`
	TimeoutMS *int64 `json:"timeout_ms"`

	Method        string          `json:"method"`
	Request       json.RawMessage `json:"request"`
	CancelAfterMS *int64          `json:"cancel_after_ms"`
	Limit         *int            `json:"limit"`

	Graph  string   `json:"graph"`
	Graphs []string `json:"graphs"`
	Text   string   `json:"text"`
	Query  string   `json:"query"`
	Names  []string `json:"names"`

	Items      []json.RawMessage `json:"items"`
	ImportID   string            `json:"import_id"`
	OnError    string            `json:"on_error"`
	OnConflict string            `json:"on_conflict"`
	ChunkSize  int               `json:"chunk_size"`

	Watch         string          `json:"watch"`
	Start         string          `json:"start"`
	AfterRevision *int64          `json:"after_revision"`
	ResumeToken   string          `json:"resume_token"`
	Filter        json.RawMessage `json:"filter"`
	Count         int             `json:"count"`

	Name     string  `json:"name"`
	Seconds  float64 `json:"seconds"`
	InFlight int     `json:"in_flight"`
	Bare     bool    `json:"bare"`
}

type answer struct {
	ID     int64          `json:"id"`
	Result any            `json:"result,omitempty"`
	Error  map[string]any `json:"error,omitempty"`
}

// nothing is a result that says only that it is done.
type nothing struct{}

type agent struct {
	writing sync.Mutex
	answers *json.Encoder

	lock    sync.Mutex
	clients map[string]*loci.Client
	watches map[string]*watch
}

// run works on all commands at the same time, until there are no more.
func (a *agent) run(commands io.Reader) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lines := bufio.NewReader(commands)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			var told command
			if err := json.Unmarshal(line, &told); err != nil {
				return err
			}
			if told.Op == "connect" { // those that follow name the client
				a.answer(told, a.perform(ctx, told))
			} else {
				go func() { a.answer(told, a.perform(ctx, told)) }()
			}
		}
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// perform gives a result or an error.
func (a *agent) perform(ctx context.Context, told command) (outcome any) {
	defer func() {
		if defect := recover(); defect != nil {
			outcome = fmt.Errorf("%v", defect)
		}
	}()
	operations := map[string]func(context.Context, command) (any, error){
		"hello": a.hello, "connect": a.connect, "close": a.close,
		"call": a.call, "remember": a.remember, "recall": a.recall, "forget": a.forget, "list": a.list,
		"import": a.importItems, "export": a.exportItems,
		"watch": a.watch, "next": a.next, "unwatch": a.unwatch,
		"bench": a.bench,
	}
	operation, known := operations[told.Op]
	if !known {
		return fmt.Errorf("there is no op %q", told.Op)
	}
	result, err := operation(ctx, told)
	if err != nil {
		return err
	}
	return result
}

func (a *agent) answer(told command, outcome any) {
	given := answer{ID: told.ID, Result: outcome}
	if err, failed := outcome.(error); failed {
		given.Result, given.Error = nil, failure(err)
	}
	a.writing.Lock()
	defer a.writing.Unlock()
	if err := a.answers.Encode(given); err != nil {
		fmt.Fprintln(os.Stderr, "loci-agent-go:", err)
		os.Exit(1)
	}
}

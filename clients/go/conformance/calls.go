package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	loci "loci.dev/go"
	"loci.dev/go/lociv1"
)

func (a *agent) hello(context.Context, command) (any, error) {
	return map[string]string{"language": "go"}, nil
}

func (a *agent) connect(_ context.Context, told command) (any, error) {
	options := []loci.Option{loci.WithAddress(told.Address), loci.WithAPIKey(told.APIKey)}
	if told.TimeoutMS != nil {
		options = append(options, loci.WithTimeout(milliseconds(*told.TimeoutMS)))
	}
	if told.Roots != "" {
		roots, err := os.ReadFile(told.Roots)
		if err != nil {
			return nil, err
		}
		options = append(options, loci.WithRoots(roots))
	}
	if told.Insecure {
		options = append(options, loci.WithInsecure())
	}
	client, err := loci.New(options...)
	if err != nil {
		return nil, err
	}
	a.lock.Lock()
	defer a.lock.Unlock()
	a.clients[told.Client] = client
	return nothing{}, nil
}

func (a *agent) close(_ context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	a.lock.Lock()
	delete(a.clients, told.Client)
	a.lock.Unlock()
	return nothing{}, client.Close()
}

func (a *agent) client(told command) (*loci.Client, error) {
	a.lock.Lock()
	defer a.lock.Unlock()
	client, known := a.clients[told.Client]
	if !known {
		return nil, fmt.Errorf("there is no client %q", told.Client)
	}
	return client, nil
}

// call of any unary method, over the connection of the client, as its stubs do it.
func (a *agent) call(ctx context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	method, request, response, err := described(told.Method)
	if err != nil {
		return nil, err
	}
	if err := parse(told.Request, request); err != nil {
		return nil, err
	}
	ctx, cancel := bounded(ctx, told)
	defer cancel()
	if err := client.Conn().Invoke(ctx, method, request, response); err != nil {
		return nil, err
	}
	return answered(response, nil)
}

func (a *agent) remember(ctx context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	others := &lociv1.RememberRequest{}
	if err := parse(told.Request, others); err != nil {
		return nil, err
	}
	ctx, cancel := bounded(ctx, told)
	defer cancel()
	return answered(client.Remember(ctx, told.Graph, told.Text, func(r *lociv1.RememberRequest) { proto.Merge(r, others) }))
}

func (a *agent) recall(ctx context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	others := &lociv1.RecallRequest{}
	if err := parse(told.Request, others); err != nil {
		return nil, err
	}
	ctx, cancel := bounded(ctx, told)
	defer cancel()
	return answered(client.Recall(ctx, told.Graphs, told.Query, func(r *lociv1.RecallRequest) { proto.Merge(r, others) }))
}

func (a *agent) forget(ctx context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	others := &lociv1.ForgetRequest{}
	if err := parse(told.Request, others); err != nil {
		return nil, err
	}
	ctx, cancel := bounded(ctx, told)
	defer cancel()
	return answered(client.Forget(ctx, told.Graph, told.Names, func(r *lociv1.ForgetRequest) { proto.Merge(r, others) }))
}

func (a *agent) list(ctx context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	list, known := lists[told.Method]
	if !known {
		return nil, fmt.Errorf("%s is no list", told.Method)
	}
	ctx, cancel := bounded(ctx, told)
	defer cancel()
	items, err := list(ctx, client, told)
	if err != nil {
		return nil, err
	}
	return map[string]any{"items": items}, nil
}

type lister func(ctx context.Context, client *loci.Client, told command) ([]json.RawMessage, error)

var lists = map[string]lister{
	"GraphService/ListGraphs":       listed((*loci.Client).ListGraphs),
	"NodeService/ListNodes":         listed((*loci.Client).ListNodes),
	"NodeService/ListNodeRevisions": listed((*loci.Client).ListNodeRevisions),
	"EdgeService/ListEdges":         listed((*loci.Client).ListEdges),
	"EdgeService/ListEdgeRevisions": listed((*loci.Client).ListEdgeRevisions),
	"TraversalService/GetNeighbors": listed((*loci.Client).ListNeighbors),
	"MemoryService/ListSessions":    listed((*loci.Client).ListSessions),
	"MemoryService/GetTranscript":   listed((*loci.Client).ListTurns),
	"MemoryService/ListQueries":     listed((*loci.Client).ListQueries),
	"MemoryService/ListFeedback":    listed((*loci.Client).ListFeedback),
	"AdminService/ListTenants":      listed((*loci.Client).ListTenants),
	"AdminService/ListApiKeys":      listed((*loci.Client).ListAPIKeys),
	"AdminService/ListIdentities":   listed((*loci.Client).ListIdentities),
	"AdminService/ListAuditEntries": listed((*loci.Client).ListAuditEntries),
	"AdminService/ListReembeddings": listed((*loci.Client).ListReembeddings),
	"AdminService/ListKeyRotations": listed((*loci.Client).ListKeyRotations),
	"AdminService/ListErasures":     listed((*loci.Client).ListErasures),
	"SearchService/Search": listed(func(client *loci.Client, ctx context.Context, request *lociv1.SearchRequest) iter.Seq2[*lociv1.SearchHit, error] {
		return loci.Items(ctx, client.Searches.Search, request, (*lociv1.SearchResponse).GetHits)
	}),
}

func listed[M any, Q interface {
	*M
	proto.Message
}, T proto.Message](list func(*loci.Client, context.Context, Q) iter.Seq2[T, error]) lister {
	return func(ctx context.Context, client *loci.Client, told command) ([]json.RawMessage, error) {
		request := Q(new(M))
		if err := parse(told.Request, request); err != nil {
			return nil, err
		}
		items := []json.RawMessage{}
		if told.Limit != nil && *told.Limit == 0 {
			return items, nil
		}
		for item, err := range list(client, ctx, request) {
			if err != nil {
				return nil, err
			}
			text, err := rendered(item)
			if err != nil {
				return nil, err
			}
			if items = append(items, text); told.Limit != nil && len(items) == *told.Limit {
				break
			}
		}
		return items, nil
	}
}

// described is the path of a method such as NodeService/GetNode, and a new message of each of its types.
func described(name string) (path string, request, response proto.Message, err error) {
	full := protoreflect.FullName("loci.v1." + strings.ReplaceAll(name, "/", "."))
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(full)
	if err != nil {
		return "", nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	method, is := found.(protoreflect.MethodDescriptor)
	if !is {
		return "", nil, nil, fmt.Errorf("%s is no method", name)
	}
	asks, err := protoregistry.GlobalTypes.FindMessageByName(method.Input().FullName())
	if err != nil {
		return "", nil, nil, err
	}
	answers, err := protoregistry.GlobalTypes.FindMessageByName(method.Output().FullName())
	if err != nil {
		return "", nil, nil, err
	}
	return "/loci.v1." + name, asks.New().Interface(), answers.New().Interface(), nil
}

// bounded has the deadline and the cancellation that the driver asks for.
func bounded(ctx context.Context, told command) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if told.CancelAfterMS != nil {
		time.AfterFunc(milliseconds(*told.CancelAfterMS), cancel)
	}
	if told.TimeoutMS == nil {
		return ctx, cancel
	}
	ctx, stop := context.WithTimeout(ctx, milliseconds(*told.TimeoutMS))
	return ctx, func() { stop(); cancel() }
}

func milliseconds(count int64) time.Duration { return time.Duration(count) * time.Millisecond }

func parse(text json.RawMessage, message proto.Message) error {
	if len(text) == 0 {
		return nil
	}
	return protojson.Unmarshal(text, message)
}

func rendered(message proto.Message) (json.RawMessage, error) {
	return protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
}

func answered(response proto.Message, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	text, err := rendered(response)
	return map[string]any{"response": text}, err
}

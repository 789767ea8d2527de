package loci

import (
	"context"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// PageRequest is a request for one page of a list.
type PageRequest interface {
	proto.Message
	GetPageToken() string
}

// Page is one page of a list.
type Page interface {
	proto.Message
	GetNextPageToken() string
}

// Pages is every page of a list, from the page_token of the request on:
//
//	for page, err := range loci.Pages(ctx, client.Nodes.ListNodes, request) { … }
//
// Each page is a call with a deadline of its own, unless the context has one. An error is the last that is given. The
// request is not changed.
func Pages[Q PageRequest, P Page](
	ctx context.Context, call func(context.Context, Q, ...grpc.CallOption) (P, error), request Q,
) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		asked := shallow(request.ProtoReflect())
		token := asked.Descriptor().Fields().ByName("page_token")
		for {
			page, err := call(ctx, asked.Interface().(Q))
			if err != nil {
				yield(page, err)
				return
			}
			if !yield(page, nil) || page.GetNextPageToken() == "" {
				return
			}
			asked.Set(token, protoreflect.ValueOfString(page.GetNextPageToken()))
		}
	}
}

// Items is every item of a list, over all of its pages; items says where they stand in a page:
//
//	loci.Items(ctx, client.Nodes.ListNodes, request, (*lociv1.ListNodesResponse).GetNodes)
func Items[Q PageRequest, P Page, T any](
	ctx context.Context, call func(context.Context, Q, ...grpc.CallOption) (P, error), request Q, items func(P) []T,
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for page, err := range Pages(ctx, call, request) {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items(page) {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

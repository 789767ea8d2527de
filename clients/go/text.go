package loci

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const notText = "the text is not valid UTF-8"

// unsendable makes InvalidArgument, with the name of the field, of gRPC's own refusal to send text that is none.
func unsendable(request any, err *Error) *Error {
	message, ok := request.(proto.Message)
	if !ok || err.Code != codes.Internal || err.Reason != "" || !strings.Contains(err.Message, "error while marshaling") {
		return err
	}
	if field := brokenText(message.ProtoReflect()); field != "" {
		return refusedText(field, "", err)
	}
	return err
}

func refusedText(field, place string, cause error) *Error {
	made := refused("%s%s: %s", place, field, notText)
	made.Violations, made.cause = []FieldViolation{{field, notText}}, cause
	return made
}

// brokenText is the path of the first field whose text is not valid UTF-8; empty if there is none. Keys of maps are named only
// where they are valid themselves.
func brokenText(message protoreflect.Message) string {
	path, _ := brokenIn(message)
	return strings.TrimPrefix(path, ".")
}

// brokenIn says whether there is such a text in a message, and where.
func brokenIn(message protoreflect.Message) (path string, broken bool) {
	wellKnown := message.Descriptor().FullName().Parent() == "google.protobuf"
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		path, broken = brokenField(field, value)
		if broken && !wellKnown { // of these no names are told: a property is `properties.KEY`
			path = "." + string(field.Name()) + path
		}
		return !broken
	})
	return path, broken
}

func brokenField(field protoreflect.FieldDescriptor, value protoreflect.Value) (path string, broken bool) {
	switch {
	case field.IsMap():
		value.Map().Range(func(key protoreflect.MapKey, held protoreflect.Value) bool {
			if !utf8.ValidString(key.String()) {
				path, broken = " (a key)", true
			} else if path, broken = brokenValue(field.MapValue(), held); broken {
				path = "." + key.String() + path
			}
			return !broken
		})
	case field.IsList():
		for i := range value.List().Len() {
			if path, broken = brokenValue(field, value.List().Get(i)); broken {
				return fmt.Sprintf("[%d]%s", i, path), true
			}
		}
	default:
		return brokenValue(field, value)
	}
	return path, broken
}

func brokenValue(field protoreflect.FieldDescriptor, value protoreflect.Value) (path string, broken bool) {
	switch field.Kind() {
	case protoreflect.StringKind:
		return "", !utf8.ValidString(value.String())
	case protoreflect.MessageKind:
		return brokenIn(value.Message())
	}
	return "", false
}

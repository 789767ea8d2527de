package loci

import (
	"errors"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/structpb"

	"loci.dev/go/lociv1"
)

const broken = "a\xffb"

func property(key string, value *structpb.Value) *lociv1.Node {
	return &lociv1.Node{Text: "fine", Properties: &structpb.Struct{Fields: map[string]*structpb.Value{key: value}}}
}

func TestTextThatIsNotUTF8IsRefusedByTheNameOfItsField(t *testing.T) {
	_, client := serving(t)
	list := structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{structpb.NewStringValue("a"), structpb.NewStringValue(broken)}})
	for field, node := range map[string]*lociv1.Node{
		"node.text":                {Text: broken},
		"node.properties.color":    property("color", structpb.NewStringValue(broken)),
		"node.properties.color[1]": property("color", list),
		"node.properties (a key)":  property(broken, structpb.NewBoolValue(true)),
	} {
		_, err := client.Nodes.CreateNode(within(t, 10*time.Second), &lociv1.CreateNodeRequest{Parent: "graphs/g", Node: node})
		var known *Error
		if !errors.As(err, &known) || !errors.Is(err, InvalidArgument) || len(known.Violations) != 1 || known.Violations[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := client.Forget(within(t, 10*time.Second), "g", []string{"a", broken})
	if !errors.Is(err, InvalidArgument) || err.Error() != "loci: InvalidArgument: names[1]: "+notText {
		t.Errorf("%v", err)
	}
	err = client.Watch(within(t, 10*time.Second), broken, WatchOptions{}).Ready()
	if !errors.Is(err, InvalidArgument) || err.Error() != "loci: InvalidArgument: parent: "+notText {
		t.Errorf("%v", err)
	}
}

func TestTextThatIsNotUTF8EndsAnImportWithThePlaceOfItsItem(t *testing.T) {
	server, client := serving(t)
	server.imports = (&store{}).serve
	items := func(yield func(*lociv1.BulkItem, error) bool) {
		for item := range people(13) {
			if !yield(item, nil) {
				return
			}
		}
		yield(NodeItem(&lociv1.Node{Text: broken}), nil)
	}
	_, err := client.Import(within(t, 10*time.Second), "g", items, ImportOptions{ChunkSize: 10})
	if !errors.Is(err, InvalidArgument) || err.Error() != "loci: InvalidArgument: item 13: node.text: "+notText {
		t.Errorf("%v", err)
	}
}

package main

import (
	"errors"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/code"

	loci "loci.dev/go"
)

// timeout: what `next` waits for did not come.
var errTimeout = errors.New("nothing more came in time")

// failure is an error as the driver wants it told.
func failure(err error) map[string]any {
	var known *loci.Error
	switch {
	case errors.Is(err, errTimeout):
		return map[string]any{"code": "TIMEOUT", "type": "Timeout", "message": err.Error()}
	case !errors.As(err, &known):
		return map[string]any{"code": "AGENT", "type": "Agent", "message": err.Error()}
	}
	name := code.Code_name[int32(known.Code)]
	told := map[string]any{"code": name, "type": camel(name), "message": known.Message}
	if known.Reason != "" && known.Reason != loci.WatchGap {
		told["reason"] = string(known.Reason)
	}
	if matched := known.Reason; (matched.Known() || matched == loci.WatchGap) && errors.Is(err, matched) {
		told["type"] = camel(string(matched))
	}
	if len(known.Metadata) > 0 {
		told["metadata"] = known.Metadata
	}
	if pause, asked := known.RetryAfter(); asked {
		told["retry_after_ms"] = pause.Milliseconds()
	}
	if len(known.Violations) > 0 {
		violations := make([]map[string]string, len(known.Violations))
		for i, violation := range known.Violations {
			violations[i] = map[string]string{"field": violation.Field, "description": violation.Description}
		}
		told["violations"] = violations
	}
	if len(known.Items) > 0 {
		told["items"] = places(known.Items)
	}
	return told
}

// places of items among all of an import, and why they were not written.
func places(items []loci.ItemFailure) []map[string]any {
	told := make([]map[string]any, len(items))
	for i, item := range items {
		told[i] = map[string]any{"index": item.Index, "reason": reasonOf(item.Err)}
	}
	return told
}

func reasonOf(err error) string {
	var known *loci.Error
	if !errors.As(err, &known) {
		return ""
	}
	if known.Reason == "" {
		return code.Code_name[int32(known.Code)]
	}
	return string(known.Reason)
}

// camel case of a name like NODE_NOT_FOUND.
func camel(name string) string {
	var made strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		if word != "" {
			made.WriteString(word[:1] + strings.ToLower(word[1:]))
		}
	}
	return made.String()
}

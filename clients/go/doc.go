// Package loci is the client of Loci, a memory server for AI agents.
//
// A [Client] holds one connection, opened by its first call, and may be used by any number of goroutines:
//
//	client, err := loci.New()
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	answer, err := client.Remember(ctx, "alice", "Ann plays the cello.")
//
// The methods of each service are those of its generated stub, reached through a field:
// client.Nodes.GetNode(ctx, request). Whatever way a call is made, it gets the same: the credential, a deadline of 30
// seconds if its context has none, retries, a request_id that stays the same over these, and errors of the type [*Error],
// which match a [Reason] or a [Code]:
//
//	if errors.Is(err, loci.NodeNotFound) { … }
//
// Lists are iterators over all pages ([Client.ListNodes], [Pages]). [Client.Watch] and [Client.WatchAll] tell of every
// commit once and in order, [Client.Import] writes any number of items once each, [Client.Export] reads a whole graph:
// all of them go on by themselves after a cut connection or a restart of the server.
package loci

// Version of this client, as the server is told in the user agent.
const Version = "0.1.0"

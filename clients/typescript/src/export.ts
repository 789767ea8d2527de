/** Export: every node, then every edge, as they stood at one revision; the audit in the order of its chain. */

import { Calls, type Fields } from "./calls.js";
import { AdminService } from "./gen/loci/v1/admin_service_pb.js";
import { type AuditEntry, ExportAuditEntriesRequestSchema } from "./gen/loci/v1/audit_pb.js";
import { type BulkItem, BulkService, ExportRequestSchema, type ExportResponse } from "./gen/loci/v1/bulk_service_pb.js";
import { graphName } from "./names.js";
import { type PatientOptions, resumed } from "./resuming.js";
import { made } from "./values.js";

/** BulkService, outwards. */
export class Exports extends Calls {
  /** All items at one revision (0: the present one); the `item` of each is a node or an edge. */
  async *items(graph: string, fields: ExportFields = {}, options: PatientOptions = {}): AsyncGenerator<BulkItem, void> {
    for await (const page of this.pages(graph, fields, options)) {
      yield* page.items;
    }
  }

  /** As `items`, page by page: keep a page's `nextPageToken` to go on behind it in another process. */
  pages(graph: string, fields: ExportFields = {}, options: PatientOptions = {}): AsyncGenerator<ExportResponse, void> {
    const request = made(ExportRequestSchema, { ...fields, parent: graphName(graph) });
    return resumed(
      this.transport,
      BulkService.method.export,
      request,
      (page) => {
        request.pageToken = page.nextPageToken;
        return page.nextPageToken === "" ? "last" : "more";
      },
      options,
    );
  }

  /** All audit entries in the order of their chain, from a sequence on (0: the first that is kept). `parent` is
   * `tenants/{tenant}`, by default the caller's own, or `installation`. */
  async *auditEntries(
    fields: Fields<typeof ExportAuditEntriesRequestSchema> = {},
    options: PatientOptions = {},
  ): AsyncGenerator<AuditEntry, void> {
    const request = made(ExportAuditEntriesRequestSchema, { parent: "tenants/-", ...fields });
    const advance = ({ entries }: { entries: AuditEntry[] }) => {
      request.firstSequence = (entries.at(-1)?.sequence ?? request.firstSequence - 1n) + 1n;
      return "open" as const;
    };
    const method = AdminService.method.exportAuditEntries;
    for await (const page of resumed(this.transport, method, request, advance, options)) {
      yield* page.entries;
    }
  }
}

/** What an export may be told. */
export type ExportFields = Fields<typeof ExportRequestSchema, "parent">;

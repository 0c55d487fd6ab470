#!/usr/bin/env python3
"""Holds exported spans against OpenTelemetry's own protobuf definitions.

    spans.py check FILE                  reads one request a line
    spans.py collect FILE -- COMMAND…    runs COMMAND with a collector's address as {endpoint} in its
                                         arguments, and writes what the collector got

Prints one JSON object a span: name, ids, status, times, attributes, those of the resource.
"""

import base64
import http.server
import json
import pathlib
import subprocess
import sys
import threading

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def parse(text):
    """A request; in OTLP's JSON ids are hexadecimal, where protobuf's own has base64."""
    request = json.loads(text)
    for resource in request["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                for name in ("traceId", "spanId", "parentSpanId"):
                    if name in span:
                        span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
    return json_format.ParseDict(request, ExportTraceServiceRequest())


def value(any_value):
    kind = any_value.WhichOneof("value")
    if kind == "array_value":
        return [value(one) for one in any_value.array_value.values]
    return getattr(any_value, kind)


def spans(requests):
    for request in requests:
        for resource in request.resource_spans:
            facts = {one.key: value(one.value) for one in resource.resource.attributes}
            assert facts["service.name"]
            for span in (span for scope in resource.scope_spans for span in scope.spans):
                assert len(span.trace_id) == 16 and len(span.span_id) == 8 and any(span.span_id)
                assert span.start_time_unix_nano <= span.end_time_unix_nano
                yield {
                    "name": span.name, "trace": span.trace_id.hex(), "id": span.span_id.hex(),
                    "parent": span.parent_span_id.hex(), "status": span.status.code,
                    "start": span.start_time_unix_nano, "end": span.end_time_unix_nano,
                    "attributes": {one.key: value(one.value) for one in span.attributes},
                    "resource": facts,
                }


class Collector(http.server.BaseHTTPRequestHandler):
    bodies = []
    headers_seen = []

    def do_POST(self):
        assert self.path == "/v1/traces", self.path
        assert self.headers["Content-Type"] == "application/json"
        self.headers_seen.append(dict(self.headers))
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments):
        pass


def main():
    what, file = sys.argv[1], pathlib.Path(sys.argv[2])
    if what == "collect":
        server = http.server.HTTPServer(("127.0.0.1", 0), Collector)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        command = [word.replace("{endpoint}", endpoint) for word in sys.argv[4:]]
        subprocess.run(command, check=True)
        server.shutdown()
        assert all(headers.get("x-key") == "secret" for headers in Collector.headers_seen)
        file.write_bytes(b"".join(body + b"\n" for body in Collector.bodies))
    for span in spans([parse(line) for line in file.read_text().splitlines()]):
        print(json.dumps(span))


if __name__ == "__main__":
    main()

// swift-format-ignore-file
// Made by `cmdmox generate-test` of python-deploy; yours to change.

import CmdMox
import SystemPackage
import Testing

@Suite struct PythonDeployReplayTests {
  static let fixture = FilePath(#filePath).removingLastComponent().pushing(FilePath("../../../Fixtures/python-deploy.json"))

  @Test func `replays as recorded`() throws {
    let session = ReplaySession(fixturePath: Self.fixture)
    try session.load()

    do {  // recording 0
      let invocation = Invocation(
        command: "git",
        args: ["status", "--porcelain"],
        stdin: "",
        env: ["GIT_AUTHOR_NAME": "A. U. Thor", "GIT_DIR": "/srv/app/.git"])
      let response = try #require(try session.match(invocation))
      #expect(response.stdout == " M README.md\n")
      #expect(response.stderr == "")
      #expect(response.exitCode == 0)
    }

    do {  // recording 1
      let invocation = Invocation(
        command: "git",
        args: ["push", "origin", "main"],
        stdin: "",
        env: [:])
      let response = try #require(try session.match(invocation))
      #expect(response.stdout == "")
      #expect(response.stderr == "error: failed to push some refs\n")
      #expect(response.exitCode == 1)
    }

    do {  // recording 2
      let invocation = Invocation(
        command: "cat",
        args: [],
        stdin: "line 1\nline 2\n",
        env: [:])
      let response = try #require(try session.match(invocation))
      #expect(response.stdout == "line 1\nline 2\n")
      #expect(response.stderr == "")
      #expect(response.exitCode == 0)
    }

    try session.verify()
  }
}

import CmdMox
import Glibc
import SystemPackage
import Testing

@Suite("validate and doctor") struct ReportTests {
  let workspace: Workspace

  static let good = """
    {"version": "1.0", "metadata": {"created_at": "", "cmdmox_version": "", "platform": "linux",
    "python_version": ""}, "recordings": [], "scrubbing_rules": []}
    """

  init() throws {
    workspace = try Workspace()
  }

  @Test("A fixture that is right is nothing to talk about")
  func valid() throws {
    try workspace.write("good.json", Self.good)
    let result = try workspace.cmdmox("validate", "good.json").run()
    #expect(result.status == 0)
    #expect(result.output.isEmpty && result.errors.isEmpty)
  }

  @Test(
    "Every fixture that is wrong is one line",
    arguments: [
      ("{\"version\": \"1.0\", \"metadata\": ", "bad.json"),
      ("not JSON", "bad.json"),
      (good.replacing("1.0", with: "2.0"), "bad.json"),
      (good.replacing("\"platform\"", with: "\"form\""), "metadata.platform"),
      (good.replacing("\"recordings\": []", with: "\"recordings\": [1]"), "recordings[0]"),
      ("", "bad.json"),
    ])
  func invalid(text: String, mention: String) throws {
    try workspace.write("bad.json", text)
    try workspace.write("good.json", Self.good)
    let result = try workspace.cmdmox("validate", "bad.json", "good.json").run()
    #expect(result.status == 65)
    #expect(result.outputText.hasPrefix("bad.json: error: "))
    #expect(result.outputText.contains(mention))
    #expect(result.outputText.split(separator: "\n").count == 1)
  }

  @Test("A fixture that is not there is an input that is missing")
  func missing() throws {
    #expect(try workspace.cmdmox("validate", "nowhere.json").run().status == 66)
  }

  @Test("The doctor finds the library and the kernel, and no problem with a shell")
  func healthy() throws {
    let result = try workspace.cmdmox("doctor", "sh").run()
    #expect(result.status == 0, "\(result.outputText)")
    #expect(result.outputText.contains("it loads"))
    #expect(result.outputText.contains("is seen, with everything that it runs"))
    #expect(result.outputText.contains("trace --deep"))
    #expect(workspace.sessions.isEmpty)
  }

  @Test("The doctor says why a program would be opaque")
  func opaque() throws {
    let program = try workspace.compile("still", "int main(void) { return 0; }", "-static")
    let bits = try workspace.compile("bits", "int main(void) { return 0; }")
    #expect(chmod(bits.string, 0o4755) == 0)
    for (path, word) in [(program, "static"), (bits, "set-user-ID"), ("nowhere", "not found")] {
      let result = try workspace.cmdmox("doctor", path.string).run()
      #expect(result.status == 1)
      #expect(
        result.outputText.split(separator: "\n").contains {
          $0.hasPrefix("problem") && $0.contains(word)
        })
    }
  }

  @Test("The doctor knows what gcc's AddressSanitizer needs")
  func addressSanitizer() throws {
    let program = try workspace.compile(
      "asan", "int main(void) { return 0; }", "-fsanitize=address")
    let result = try workspace.cmdmox("doctor", program.string).run()
    #expect(result.status == 1)
    #expect(result.outputText.contains("ASAN_OPTIONS=verify_asan_link_order=0"))
  }

  @Test("A library that ld.so does not take is a problem")
  func brokenLibrary() throws {
    let library = try workspace.write("libcmdmox.so", "no library")
    let result = try workspace.cmdmox(
      "doctor", environment: ["CMDMOX_LIBRARY": library.string]
    ).run()
    #expect(result.status == 1)
    #expect(result.outputText.contains("ld.so does not take it"))
  }
}

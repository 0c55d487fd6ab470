import Testing

@Suite("Hooked functions")
struct HookTests {
  @Test("A caller of each hooked function behaves the same", arguments: ["call_execve", "call_system", "call_waitpid"])
  func same(name: String) throws {
    let o = try TracedProgram(caller: name).expectTransparent()
    for f in o { print(f.fixture?.lines.joined(separator: "\n") ?? "-") }
  }
}

import Testing

@Suite("Hooks of the wait family")
struct WaitHookTests {
  @Test(
    "Each function gives the status that libc's gives, and it is the recorded one",
    arguments: [
      HookedFunction("wait", recorded: WaitCases.all),
      HookedFunction(
        "waitpid",
        recorded: WaitCases.all + WaitCases.withOptions + [
          "show quiet 'own group' exit=10 | exited 10 | < -",
          "show quiet 'any child' exit=11 | exited 11 | < -",
          "show quiet 'other group' exit=12 | exited 12 | < -",
        ]),
      HookedFunction(
        "wait3",
        recorded: WaitCases.all + WaitCases.withOptions + [
          "show quiet 'no usage wanted' exit=13 | exited 13 | < -"
        ]),
      HookedFunction(
        "wait4",
        recorded: WaitCases.all + WaitCases.withOptions + [
          "show quiet 'no usage wanted' exit=13 | exited 13 | < -"
        ]),
      HookedFunction(
        "waitid",
        recorded: WaitCases.all + WaitCases.withOptions + [
          "show quiet WNOWAIT exit=14 | exited 14 | < -",
          "show quiet 'NULL infop' exit=15 | exited 15 | < -",
          "show quiet pidfd exit=16 | exited 16 | < -",
          "show quiet group exit=17 | exited 17 | < -",
        ]),
    ])
  func wait(function: HookedFunction) throws {
    try function.check()
  }
}

/// What `wait_cases.h` starts, as lines. A stop is not an end.
enum WaitCases {
  static let all = [
    "show quiet exited exit=5 | exited 5 | < -",
    "show quiet signaled kill=15 | signaled 15 | < -",
    "show quiet 'NULL status' exit=6 | exited 6 | < -",
    "show quiet 'already ended' exit=8 | exited 8 | < -",
    "sh -c 'echo; read line' interrupted | signaled 9 | < -",
  ]

  static let withOptions = [
    "sh -c 'echo; read line' WNOHANG | signaled 10 | < -",
    "sh -c 'echo; read line' stopped | signaled 15 | < -",
  ]
}

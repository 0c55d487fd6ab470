import ArgumentParser
import CmdMox
import Glibc

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows what ran: a list, a tree, what failed, what was slow, or one invocation.",
    discussion: """
      On a terminal, lines are shortened to its width and go through $PAGER (less). What a recording \
      holds never reaches the terminal as a control character: it stands as \\x1b.
      """)

  @OptionGroup var input: LookedAtFixture

  @Argument(
    help: ArgumentHelp("The number of an invocation: all that is known of it.", valueName: "n"))
  var number: Int?

  @Flag(help: "As a tree: who started whom.") var tree = false
  @Flag(help: "What failed: the causes first, then what failed because of them.") var failed = false

  @Option(help: ArgumentHelp("The slowest ones, the slowest first.", valueName: "count"))
  var slowest: Int?
  @Flag(help: "With --slowest: by the time in which nothing that they ran was running.")
  var own = false

  @Option(help: ArgumentHelp("Invocations of this command only.", valueName: "name"))
  var command: String?

  @Option(
    help: ArgumentHelp(
      "Invocations whose command line matches only (as grep -E).", valueName: "pattern"))
  var grep: String?

  @Flag(help: "As JSON: an array.") var json = false
  @Option(help: "When to colour.") var color = Style.Choice.auto
  @Flag(inversion: .prefixedNo, help: "Show page by page on a terminal.") var pager = true

  func validate() throws {
    let forms = [tree, failed, slowest != nil, number != nil].count { $0 }
    if forms > 1 {
      throw ValidationError("--tree, --failed, --slowest and a number exclude each other")
    }
    if number != nil, command != nil || grep != nil {
      throw ValidationError("--command and --grep select from many; leave the number out")
    }
    if let slowest, slowest < 1 { throw ValidationError("--slowest takes a count from 1") }
    if own, slowest == nil { throw ValidationError("--own goes with --slowest") }
  }

  mutating func run() throws {
    let selection = try Selection(command: command, pattern: grep)
    let view = try input.load(keepsStreams: keepsStreams(selection))
    let form = Form(
      number: number, isTree: tree, isFailed: failed, slowest: slowest, isByOwnTime: own)
    let pager = Pager(isWanted: self.pager && !json)
    defer { pager?.wait() }
    let output = TextOutput()
    let style = Style(color, isTerminal: pager != nil || Terminal.isOutput)
    let presentation = Presentation(
      view: view, selection: selection, fixture: input.fixture, style: style,
      columns: pager?.columns ?? Terminal.columns, output: output)
    try json ? presentation.json(form) : presentation.text(form)
    try output.flush()
  }

  /// Streams are most of many fixtures, and most forms do not show them.
  private func keepsStreams(_ selection: Selection) -> (RecordedInvocation) -> Bool {
    let (number, json, failed) = (number, json, failed)
    return { recording in
      if let number { return recording.sequence == number }
      if json { return selection.isAll || selection.includes(recording) }
      return failed && Outcome(recording).isFailure
    }
  }
}

/// What is shown.
enum Form {
  case one(Int)
  case tree
  case failed
  case slowest(Int, byOwnTime: Bool)
  case list

  init(number: Int?, isTree: Bool, isFailed: Bool, slowest: Int?, isByOwnTime: Bool) {
    if let number {
      self = .one(number)
    } else if let slowest {
      self = .slowest(slowest, byOwnTime: isByOwnTime)
    } else {
      self = isTree ? .tree : isFailed ? .failed : .list
    }
  }
}

/// A fixture in one of the forms.
struct Presentation {
  let view: SessionView
  let selection: Selection
  let fixture: String
  let style: Style
  let columns: Int?
  let output: TextOutput

  func text(_ form: Form) throws {
    var table = InvocationTable(view: view, style: style, columns: columns, output: output)
    switch form {
    case .one(let number):
      try InvocationPage(
        view: view, place: try place(number), style: style, columns: columns, output: output
      ).print()
    case .tree: try table.tree(selection.placesWithAncestors(in: view))
    case .failed:
      let (unexpected, expected) = selectedChains
      try FailureListing(table: table, fixture: fixture, output: output)
        .print(unexpected, expected)
    case .slowest(let count, let byOwnTime):
      let own = OwnTime(view)
      table.own = own
      try table.list(slowest(count, byOwnTime ? own : nil))
    case .list: try table.list(selection.places(in: view))
    }
  }

  func json(_ form: Form) throws {
    switch form {
    case .one(let number):
      try InvocationsJSON.write([try place(number)], of: view, to: output.write)
    case .tree:
      let isIncluded = selection.placesWithAncestors(in: view)
      try InvocationsJSON.write(
        view.tree.depthFirst.filter { isIncluded[$0] }, of: view, to: output.write)
    case .failed:
      let (unexpected, expected) = selectedChains
      try InvocationsJSON.write(unexpected + expected, of: view, to: output.write)
    case .slowest(let count, let byOwnTime):
      try InvocationsJSON.write(
        slowest(count, byOwnTime ? OwnTime(view) : nil), of: view, to: output.write)
    case .list: try InvocationsJSON.write(selection.places(in: view), of: view, to: output.write)
    }
  }

  private func place(_ number: Int) throws -> Int {
    guard let place = view.place(ofSequence: number) else {
      throw Failure(
        .noInput,
        "\(fixture) has no invocation \(number); `cmdmox show \(fixture)` lists those that it has")
    }
    return place
  }

  /// - Parameter own: what to order by in place of the time from start to end.
  private func slowest(_ count: Int, _ own: OwnTime?) -> ArraySlice<Int> {
    let lengthUs = { own?.lengthsUs[$0] ?? view.intervals[$0].lengthUs }
    return selection.places(in: view).sorted { first, second in
      let (left, right) = (lengthUs(first), lengthUs(second))
      return left == right ? first < second : left > right
    }.prefix(count)
  }

  private var selectedChains: (unexpected: [FailureChain], expected: [FailureChain]) {
    let (unexpected, expected) = FailureSearch(view).chains()
    let isSelected = { (chain: FailureChain) in
      selection.isAll || selection.includes(view.recordings[chain.cause])
    }
    return (unexpected.filter(isSelected), expected.filter(isSelected))
  }
}

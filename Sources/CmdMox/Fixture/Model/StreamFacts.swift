/// How a captured stream was taken, and what is to know of it besides its bytes.
public struct StreamFacts: Equatable, Sendable {
  /// How it was taken; a word that this version does not know is kept.
  public var taken: Taken
  /// How many bytes went through it, where that is known.
  public var length: Int?
  /// More went through than was kept: the recording has the beginning.
  public var isTruncated = false
  /// Of stderr: it is part of stdout's bytes, since both were one pipe or file.
  public var isMerged = false
  /// Of stdin: the command has seen its end.
  public var isEnded = false
  /// Others wrote to the same file meanwhile: their bytes may be among these.
  public var overlaps = false
  /// A background process still held it when the command ended.
  public var runsOn = false
  /// Marks that this version does not know.
  public var unknownMarks: [String] = []
  /// Members of the file that this version does not know.
  public var unknownMembers = JSONObject()

  /// How a stream was taken.
  public struct Taken: RawRepresentable, Hashable, Sendable {
    /// The word that stands in the fixture.
    public let rawValue: String
    /// Any word, one that this version does not know included.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// It was closed.
    public static let closed = Taken(rawValue: "closed")
    /// Left alone and not captured.
    public static let inherited = Taken(rawValue: "inherited")
    /// By a pipe, a socket pair or a pseudo-terminal in between.
    public static let relayed = Taken(rawValue: "relayed")
    /// Left alone, and read back from the file.
    public static let file = Taken(rawValue: "file")
    /// A pipe that others read too, left alone and looked into.
    public static let peeked = Taken(rawValue: "peeked")
    /// Left alone; what passed cannot be told.
    public static let unknown = Taken(rawValue: "unknown")
  }

  /// A stream that was taken whole.
  public init(taken: Taken, length: Int? = nil) {
    self.taken = taken
    self.length = length
  }
}

extension StreamFacts: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    self.init(taken: .unknown)
    var hasTaken = false
    try source.enterObject()
    while try source.nextMember() {
      if source.isMember("taken") {
        taken = Taken(rawValue: try source.string())
        hasTaken = true
      } else if source.isMember("length") {
        length = try source.optionalInteger()
      } else if source.isMember("marks") {
        try take(marks: try source.array { try $0.string() })
      } else {
        try unknownMembers.keep(from: &source)
      }
    }
    guard hasTaken else { throw source.missing("taken") }
  }

  private mutating func take(marks: [String]) throws {
    for mark in marks {
      if let path = Self.marks.first(where: { $0.name == mark })?.path {
        self[keyPath: path] = true
      } else {
        unknownMarks.append(mark)
      }
    }
  }

  private static var marks: [(name: String, path: WritableKeyPath<StreamFacts, Bool>)] {
    [
      ("truncated", \.isTruncated), ("merged", \.isMerged), ("ended", \.isEnded),
      ("overlapping", \.overlaps), ("runs_on", \.runsOn),
    ]
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    sink.member("taken")
    sink.string(taken.rawValue)
    sink.member("length", ifPresent: length)
    let marks = Self.marks.filter { self[keyPath: $0.path] }.map(\.name) + unknownMarks
    if !marks.isEmpty {
      sink.member("marks")
      sink.strings(marks)
    }
    sink.members(unknownMembers)
    sink.endObject()
  }
}

/// The exact bytes of text members that are not valid UTF-8: the member `bytes`.
///
/// A program's arguments, environment and output are bytes. The text member holds them as text, with
/// U+FFFD for what is no UTF-8; these are what they were. A text that somebody has edited since then
/// wins: bytes count only while they read as the text beside them.
public struct ExactBytes: Equatable, Sendable {
  /// What there is for one member: its own bytes, or those of its elements.
  private enum Entry: Equatable, Sendable {
    case text([UInt8])
    case elements(NamedValues<[UInt8]>)
  }

  private var entries = NamedValues<Entry>()
  /// Members of `bytes` that are neither base64 nor an object of it.
  public internal(set) var unknownMembers = JSONObject()

  /// No exact bytes.
  public init() {}

  /// Whether there is nothing to keep.
  public var isEmpty: Bool { entries.members.isEmpty && unknownMembers.isEmpty }

  /// The exact bytes of a text member such as `stdout`; nil where its text says all.
  public subscript(member: String) -> [UInt8]? {
    get { if case .text(let bytes) = entries[member] { bytes } else { nil } }
    set {
      entries[member] = newValue.map { .text($0) }
      unknownMembers[member] = nil
    }
  }

  /// The exact bytes of an element: `["args", "2"]`, `["env_subset", "GIT_DIR"]`.
  public subscript(member: String, element: String) -> [UInt8]? {
    get { if case .elements(let elements) = entries[member] { elements[element] } else { nil } }
    set {
      var elements = NamedValues<[UInt8]>()
      if case .elements(let earlier) = entries[member] { elements = earlier }
      guard newValue != nil || elements[element] != nil else { return }
      // Nothing else may hold the elements now, or each change would copy them.
      entries[member] = .text([])
      elements[element] = newValue
      entries[member] = elements.members.isEmpty ? nil : .elements(elements)
      unknownMembers[member] = nil
    }
  }
}

extension ExactBytes {
  /// Keeps the bytes of one text, if its source had any.
  mutating func keep(_ bytes: [UInt8]?, of member: String, _ element: String? = nil) {
    guard let bytes else { return }
    if let element { self[member, element] = bytes } else { self[member] = bytes }
  }

  /// Texts of an array member, and these bytes with the exact ones of that member.
  func texts(
    of values: some Sequence<some Collection<UInt8>>, member: String
  ) -> (texts: [String], bytes: ExactBytes) {
    var texts: [String] = []
    texts.reserveCapacity(values.underestimatedCount)
    var elements = NamedValues<[UInt8]>()
    var exact: [UInt8]?
    for value in values {
      texts.append(text(of: value, exact: &exact))
      if let bytes = exact {
        elements[String(texts.count - 1)] = bytes
        exact = nil
      }
    }
    var bytes = self
    bytes.entries[member] = elements.members.isEmpty ? nil : .elements(elements)
    return (texts, bytes)
  }

  /// Adds what `other` has for texts that have nothing here.
  mutating func add(_ other: ExactBytes) {
    for entry in other.entries.members {
      switch (entry.value, entries[entry.name]) {
      case (_, nil): entries[entry.name] = entry.value
      case (.elements(let theirs), .elements(var ours)):
        for element in theirs.members where ours[element.name] == nil {
          ours[element.name] = element.value
        }
        entries[entry.name] = .elements(ours)
      default: break
      }
    }
  }

  /// Keeps only the bytes for which `isKept` says true of member, element and bytes, and nothing
  /// that is unknown.
  mutating func keep(_ isKept: (String, String?, [UInt8]) -> Bool) {
    unknownMembers = JSONObject()
    var kept = ExactBytes()
    for entry in entries.members {
      switch entry.value {
      case .text(let bytes):
        if isKept(entry.name, nil, bytes) { kept.entries[entry.name] = entry.value }
      case .elements(var elements):
        elements.keep { isKept(entry.name, $0.name, $0.value) }
        if !elements.members.isEmpty { kept.entries[entry.name] = .elements(elements) }
      }
    }
    self = kept
  }

  /// Whether something is true of the bytes of a text.
  func contains(_ isWanted: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
    entries.members.contains { entry in
      switch entry.value {
      case .text(let bytes): bytes.withUnsafeBufferPointer(isWanted)
      case .elements(let elements):
        elements.members.contains { $0.value.withUnsafeBufferPointer(isWanted) }
      }
    }
  }

  /// The bytes of a text: the exact ones where they read as `text`, else the text's own.
  func exact(_ member: String, _ element: String? = nil, text: String) -> [UInt8] {
    let bytes = if let element { self[member, element] } else { self[member] }
    guard let bytes, Self.reads(bytes, as: text) else { return Array(text.utf8) }
    return bytes
  }

  /// Whether bytes are shown as this text.
  static func reads(_ bytes: [UInt8], as text: String) -> Bool {
    String(decoding: bytes, as: UTF8.self).utf8.elementsEqual(text.utf8)
  }
}

extension ExactBytes: FixturePart {
  init<Source: JSONSource & ~Copyable>(reading source: inout Source) throws {
    try source.enterObject()
    while try source.nextMember() {
      let member = try source.memberName()
      switch try source.kind() {
      case .string: self[member] = try Self.bytes(&source)
      case .object:
        var elements = NamedValues<[UInt8]>()
        try source.enterObject()
        while try source.nextMember() {
          elements[try source.memberName()] = try Self.bytes(&source)
        }
        entries[member] = elements.members.isEmpty ? nil : .elements(elements)
      default: unknownMembers[member] = try source.value()
      }
    }
  }

  private static func bytes<Source: JSONSource & ~Copyable>(
    _ source: inout Source
  ) throws -> [UInt8] {
    guard let bytes = Base64.decode(try source.string()) else {
      throw source.unexpected("base64 with padding", found: "another text")
    }
    return bytes
  }

  func write<Sink: JSONSink & ~Copyable>(into sink: inout Sink) {
    sink.beginObject()
    for entry in entries.members {
      sink.member(entry.name)
      switch entry.value {
      case .text(let bytes): sink.base64(bytes)
      case .elements(let elements):
        sink.beginObject()
        for element in elements.members {
          sink.member(element.name)
          sink.base64(element.value)
        }
        sink.endObject()
      }
    }
    sink.members(unknownMembers)
    sink.endObject()
  }
}

extension JSONSink where Self: ~Copyable {
  /// A member that is absent where there is nothing in it.
  mutating func member(_ name: StaticString, ifPresent part: ExactBytes) {
    guard !part.isEmpty else { return }
    member(name)
    part.write(into: &self)
  }
}

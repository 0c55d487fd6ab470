/// Values by name, in the order in which they were added.
///
/// Names are compared by their bytes, as JSON readers do, not by canonical equivalence, as `String`
/// does: `é` in one code point and `é` in two are two names. Two of these are equal when they have
/// the same names and values, in whatever order.
struct NamedValues<Value: Equatable & Sendable>: Sendable {
  struct Member: Equatable, Sendable {
    let name: String
    var value: Value
  }

  private(set) var members: [Member] = []

  /// Where each name stands; kept only once there are so many that a search would be slow.
  private var places: [Name: Int] = [:]
  private static var searchable: Int { 16 }

  /// The value of a name. Setting nil removes it, a new name is added at the end, an earlier one
  /// keeps its place.
  subscript(name: String) -> Value? {
    get { place(of: name).map { members[$0].value } }
    set {
      switch (place(of: name), newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): remove(at: place)
      case (nil, let value?): append(Member(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Keeps only the members for which `isKept` says true.
  mutating func keep(_ isKept: (Member) -> Bool) {
    members.removeAll { !isKept($0) }
    index()
  }

  private mutating func append(_ member: Member) {
    members.append(member)
    if !places.isEmpty {
      places[Name(member.name)] = members.count - 1
    } else if members.count > Self.searchable {
      index()
    }
  }

  private mutating func remove(at place: Int) {
    members.remove(at: place)
    index()
  }

  private mutating func index() {
    places.removeAll()
    guard members.count > Self.searchable else { return }
    for (place, member) in members.enumerated() { places[Name(member.name)] = place }
  }

  private func place(of name: String) -> Int? {
    places.isEmpty
      ? members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
      : places[Name(name)]
  }

  /// A name that is hashed and compared by its bytes.
  private struct Name: Hashable, Sendable {
    let text: String
    init(_ text: String) { self.text = text }

    static func == (left: Name, right: Name) -> Bool {
      left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}

extension NamedValues: Equatable {
  static func == (left: NamedValues, right: NamedValues) -> Bool {
    left.members.count == right.members.count
      && left.members.allSatisfy { right[$0.name] == $0.value }
  }
}

import Testing

@testable import CmdMox

@Suite struct FixtureVersionTests {
  @Test(arguments: [("1.0", 1, 0), ("0.0", 0, 0), ("1.10", 1, 10), ("12.345", 12, 345)])
  func `parses two numbers`(text: String, major: Int, minor: Int) throws {
    let version = try #require(FixtureVersion(text))
    #expect((version.major, version.minor) == (major, minor))
    #expect(version.description == text)
  }

  @Test(arguments: [
    "", ".", "1", "1.", ".1", "1.0.0", "-1.0", "1.-0", "+1.0", " 1.0", "1.0 ", "1,0", "01.0",
    "1.00",
    "a.b", "1.x", "99999999999999999999.0", "١.٠", "1.0\n",
  ])
  func `refuses anything else`(text: String) {
    #expect(FixtureVersion(text) == nil)
  }

  @Test func `orders by number, not by text`() {
    #expect(FixtureVersion(major: 1, minor: 9) < FixtureVersion(major: 1, minor: 10))
    #expect(FixtureVersion(major: 1, minor: 99) < FixtureVersion(major: 2, minor: 0))
  }
}

@Suite struct TimestampTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000Z"), (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
    (1_772_015_400_123_456, "2026-02-25T10:30:00.123456Z"),
    (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
    (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
  ])
  func `writes a moment in UTC`(microseconds: Int, expected: String) {
    #expect(Timestamp(microseconds: microseconds).description == expected)
  }

  @Test func `agrees with Python over the centuries`() throws {
    let moments = (0..<400).map { $0 * 31_556_952_123_457 / 4 }
    let python = try Ran(
      "python3",
      [
        "-c",
        """
        import datetime as d, sys
        for m in sys.argv[1:]:
            t = d.datetime(1970, 1, 1) + d.timedelta(microseconds=int(m))
            print(t.isoformat(timespec="microseconds") + "Z")
        """,
      ] + moments.map(String.init))
    let ours = moments.map { Timestamp(microseconds: $0).description + "\n" }.joined()
    #expect(python.output == ours)
  }

  @Test func `now is after this was written`() {
    #expect(Timestamp.now() > Timestamp(microseconds: 1_760_000_000_000_000))
  }
}

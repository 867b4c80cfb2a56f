// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::expectation {

// An observable as named in a test: `ip:203.0.113.9`, or the value alone.
struct WantedObservable {
  std::string type, data;  // type: empty if any
};

// What a test expects of an alert; absent members are not checked. A text with * or ? is a pattern,
// any other must be equal.
struct Expected {
  std::optional<bool> forwarded;
  std::optional<std::string> skipped;                      // why it is not forwarded
  std::vector<std::pair<std::string, std::string>> texts;  // title, type, severity, … and value
  std::vector<std::string> tags, no_tags, description;     // description: its parts
  std::vector<std::pair<std::string, std::string>> custom_fields;  // name and JSON; null: none
  std::vector<WantedObservable> observables, no_observables;
};

struct TestCase {
  std::string name;
  std::string alert_file;  // path as in the file, or
  std::string alert_json;  // the alert itself
  Expected expected;
};

// A file of tests, JSON with comments (docs/rules.md, "Tests"):
//   {"config": "w2thive.json", "tests": [{"name": "…", "alert": "ids.json", "expect": {…}}]}
struct TestFile {
  std::string config;  // path as in the file; empty: none
  std::vector<TestCase> tests;
};

// All errors in reading order, at most config::kMostErrors; empty if there is none. Errors: usage,
// one line each: "origin:line:column: tests[0].expect: unknown key …". A value that no alert can
// have is an error too: "severity": "hgh".
std::vector<Status> read_test_file(std::string_view text, const std::string& origin,
                                   TestFile& file);

}  // namespace socbridge::expectation

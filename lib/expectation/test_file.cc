// SPDX-License-Identifier: Apache-2.0
#include "expectation/test_file.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/error_list.h"
#include "rules/assignments.h"
#include "rules/fault.h"
#include "rules/reading.h"

namespace socbridge::expectation {
namespace {

using rules::Faults;

constexpr std::size_t kMostTests = 10000;
constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

constexpr std::array<std::string_view, 11> kTexts = {
    "severity",      "tlp",           "pap",        "title",       "type",   "source",
    "case_template", "external_link", "source_ref", "destination", "promote"};

struct Scale {
  std::string_view name;
  std::optional<int> (*number_of)(std::string_view);
  const char* numbers;
  std::vector<std::string_view> words;
};

const Scale* find_scale(std::string_view name) {
  static const std::vector<Scale> scales = {
      {"severity", rules::severity_of, "1 to 4", {"low", "medium", "high", "critical"}},
      {"tlp", rules::tlp_of, "0 to 4", {"clear", "green", "amber", "amber+strict", "red"}},
      {"pap", rules::pap_of, "0 to 3", {"clear", "green", "amber", "red"}},
  };
  const auto at = std::find_if(scales.begin(), scales.end(),
                               [&](const Scale& one) { return one.name == name; });
  return at == scales.end() ? nullptr : &*at;
}

void must_be(const std::string& what, const std::vector<std::string_view>& words,
             const std::string& text, Faults& faults) {
  const std::string_view near = text.size() > 60 ? std::string_view() : nearest(text, words);
  faults.add("must be " + what + " (is " + quoted(text) + ")",
             near.empty() ? "" : "did you mean " + quoted(near) + "?");
}

// Converts the value to the form that compare() uses: words of a scale become numbers. A value that
// no alert can have is a fault. Patterns are unchanged.
std::string read_wanted(std::string_view name, const std::string& text, Faults& faults) {
  static const std::vector<std::string_view> kPromotions = {"no", "own", "shared"};
  if (text.find_first_of("*?") != std::string::npos) return text;
  if (const Scale* scale = find_scale(name)) {
    if (const auto number = scale->number_of(text)) return std::to_string(*number);
    std::string words;
    for (const std::string_view word : scale->words) words += ", " + std::string(word);
    must_be(scale->numbers + words, scale->words, text, faults);
  }
  if (name == "promote" &&
      std::find(kPromotions.begin(), kPromotions.end(), text) == kPromotions.end()) {
    must_be("no, own or shared", kPromotions, text, faults);
  }
  return text;
}

std::vector<WantedObservable> read_observables(json::Value value, Faults& faults) {
  std::vector<WantedObservable> out;
  if (!value.is_array()) faults.add("must be a list", R"(for example ["ip:203.0.113.9"])");
  for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
    const Faults::Scope down(faults, i);
    const std::string text = rules::read_text(value.at(i), faults);
    // A data type has only letters, digits and these; text before another colon belongs to a value.
    const std::size_t colon = text.find(':');
    const std::string_view type = std::string_view(text).substr(0, colon);
    const bool has_type = colon != std::string::npos && colon > 1 &&
                          text.compare(colon, 3, "://") != 0 &&
                          type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
                              std::string_view::npos &&
                          type.find_first_of("abcdefghijklmnopqrstuvwxyz") == 0;
    out.push_back(has_type ? WantedObservable{std::string(type), text.substr(colon + 1)}
                           : WantedObservable{{}, text});
  }
  return out;
}

void read_fields(json::Value value, Expected& expected, Faults& faults) {
  if (!value.is_object()) faults.add("must be an object of names and values");
  for (std::size_t i = 0; value.is_object() && i < value.size(); ++i) {
    expected.custom_fields.emplace_back(std::string(value.key_at(i)), value.value_at(i).dump());
  }
}

void read_one(std::string_view name, json::Value value, Expected& expected, Faults& faults) {
  const Faults::Scope down(faults, name);
  if (name == "forwarded") {
    expected.forwarded = rules::read_flag(value, faults);
  } else if (name == "skipped") {
    expected.skipped = rules::read_text(value, faults);
  } else if (name == "tags") {
    expected.tags = rules::read_texts(value, faults);
  } else if (name == "no_tags") {
    expected.no_tags = rules::read_texts(value, faults);
  } else if (name == "description") {
    expected.description = rules::read_texts(value, faults);
  } else if (name == "custom_fields") {
    read_fields(value, expected, faults);
  } else if (name == "observables") {
    expected.observables = read_observables(value, faults);
  } else if (name == "no_observables") {
    expected.no_observables = read_observables(value, faults);
  } else if (std::find(kTexts.begin(), kTexts.end(), name) != kTexts.end()) {
    const auto text = value.scalar_text();
    if (!text) {
      faults.add("must be a text or a number");
      return;
    }
    expected.texts.emplace_back(std::string(name), read_wanted(name, *text, faults));
  }
}

TestCase read_case(json::Value value, std::size_t index, Faults& faults) {
  TestCase test;
  test.name = "tests[" + std::to_string(index) + "]";
  if (!rules::read_object(value, {"name", "alert", "expect"}, faults)) return test;
  if (!value["name"].missing()) {
    const Faults::Scope down(faults, "name");
    test.name = rules::read_text(value["name"], faults);
  }
  {
    const Faults::Scope down(faults, "alert");
    if (value["alert"].is_object()) {
      test.alert_json = value["alert"].dump();
    } else if (const auto file = value["alert"].string(); file && !file->empty()) {
      test.alert_file = std::string(*file);
    } else {
      faults.add("must be an alert, or the name of a file with one");
    }
  }
  const Faults::Scope down(faults, "expect");
  const json::Value expect = value["expect"];
  const bool fine = rules::read_object(
      expect,
      {"forwarded", "skipped", "severity", "tlp", "pap", "title", "type", "source", "source_ref",
       "case_template", "external_link", "destination", "promote", "tags", "no_tags", "description",
       "custom_fields", "observables", "no_observables"},
      faults);
  if (fine && expect.size() == 0) faults.add("expects nothing");
  for (std::size_t i = 0; fine && i < expect.size(); ++i) {
    read_one(expect.key_at(i), expect.value_at(i), test.expected, faults);
  }
  return test;
}

void read_tests(json::Value tests, TestFile& file, Faults& faults) {
  const Faults::Scope down(faults, "tests");
  if (!tests.is_array() || tests.size() == 0 || tests.size() > kMostTests) {
    faults.add("must be a list of 1 to 10000 tests");
    return;
  }
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const Faults::Scope one(faults, i);
    file.tests.push_back(read_case(tests.at(i), i, faults));
  }
}

}  // namespace

std::vector<Status> read_test_file(std::string_view text, const std::string& origin,
                                   TestFile& file) {
  json::ParseOptions options;
  options.comments = true;
  options.max_bytes = kMaxBytes;
  const auto document = json::Document::parse(text, options);
  if (!document.ok()) {
    return {Status::error(ExitCode::usage, printable(origin) + ": " + document.status().message())};
  }
  Faults faults;
  const json::Value root = document->root();
  if (rules::read_object(root, {"config", "tests"}, faults)) {
    if (!root["config"].missing()) {
      const Faults::Scope down(faults, "config");
      file.config = rules::read_text(root["config"], faults);
    }
    read_tests(root["tests"], file, faults);
  }
  std::vector<Status> errors;
  for (const rules::Fault& fault : faults.list()) {
    if (errors.size() == config::kMostErrors) {
      errors.push_back(Status::error(ExitCode::usage, config::kMoreFollow));
      break;
    }
    const std::string place = json::locate_value(text, fault.pointer, fault.offset);
    errors.push_back(Status::error(
        ExitCode::usage,
        printable(origin) + (place.empty() ? "" : ":" + place) + ": " + rules::line_of(fault),
        fault.hint));
  }
  return errors;
}

}  // namespace socbridge::expectation

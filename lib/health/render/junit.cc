// SPDX-License-Identifier: Apache-2.0
#include <pugixml.hpp>
#include <sstream>

#include "base/text.h"
#include "base/time.h"
#include "health/render/render.h"

namespace socbridge::health {
namespace {

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;

  void count(State state) {
    ++tests;
    failures += state == State::degraded || state == State::down ? 1 : 0;
    errors += state == State::unknown ? 1 : 0;
    skipped += state == State::skipped ? 1 : 0;
  }
  void write(pugi::xml_node node) const {
    node.append_attribute("tests") = tests;
    node.append_attribute("failures") = failures;
    node.append_attribute("errors") = errors;
    node.append_attribute("skipped") = skipped;
  }
};

// Attributes and text contain only XML characters, and no terminal control characters.
std::string safe(std::string_view text) { return printable(text, SIZE_MAX); }

void write_case(pugi::xml_node suite, const Report& report, const Check& check) {
  pugi::xml_node test = suite.append_child("testcase");
  test.append_attribute("classname") = safe("health." + report.component).c_str();
  test.append_attribute("name") = safe(check.name).c_str();
  const std::int64_t ms = check.name == "answer" ? report.latency_ms : 0;
  test.append_attribute("time") = seconds_text(ms).c_str();
  if (check.state == State::ok) return;
  const char* kind = "failure";
  if (check.state == State::skipped) kind = "skipped";
  if (check.state == State::unknown) kind = "error";
  pugi::xml_node result = test.append_child(kind);
  result.append_attribute("message") = safe(check.detail).c_str();
  if (check.state == State::skipped) return;
  const std::string type = std::string(state_name(check.state)) + "." + cause_name(check.cause);
  result.append_attribute("type") = type.c_str();
  std::string text = safe(check.detail);
  if (!check.next.empty()) text += "\nNext: " + safe(check.next);
  result.append_child(pugi::node_pcdata).set_value(text.c_str());
}

}  // namespace

std::string render_junit(const Summary& summary) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("testsuites");
  root.append_attribute("name") = "socctl health";
  Counts total;
  for (const Report& report : summary.reports) {
    for (const Check& check : report.checks) total.count(check.state);
  }
  total.write(root);
  root.append_attribute("time") = seconds_text(summary.took_ms).c_str();
  // The format has no time zone letter.
  const std::string when = format_utc(summary.checked_at_ms).substr(0, 19);
  for (const Report& report : summary.reports) {
    pugi::xml_node suite = root.append_child("testsuite");
    suite.append_attribute("name") = safe(report.component).c_str();
    Counts counts;
    for (const Check& check : report.checks) counts.count(check.state);
    counts.write(suite);
    suite.append_attribute("time") = seconds_text(report.latency_ms).c_str();
    suite.append_attribute("timestamp") = when.c_str();
    for (const Check& check : report.checks) write_case(suite, report, check);
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace socbridge::health

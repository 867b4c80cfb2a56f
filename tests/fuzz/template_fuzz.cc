// SPDX-License-Identifier: Apache-2.0
// Any bytes as a template: error positions are within the text, and a valid template fills to
// bounded valid text whatever the alert contains.
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "http/client.h"
#include "json/value.h"
#include "rules/template.h"
#include "scratch.h"
#include "wazuh/alert.h"

namespace {

using namespace socbridge;

constexpr std::string_view kAlert =
    R"({"id":"1.2","timestamp":"2025-03-14T07:40:01.037+0000","rule":{"level":10,"id":"5712",)"
    R"("description":"d","groups":["a","b"]},"agent":{"name":"n","labels":{"x":"y"}},)"
    R"("data":{"n":5,"s":"x{y}|z","o":{"k":[1,{}]},"list":["1","2"],"e":""}})";

void check(const rules::Template& text, const wazuh::Alert& alert) {
  const rules::Subject subject{alert, "ref", 0, "made"};
  const auto filled = text.fill(subject);
  fuzz::require(is_valid_utf8(filled.text));
  fuzz::require(filled.text.size() <= (std::size_t{16} << 20));
  for (const char c : text.fill(subject, http::url_encode).text) {
    fuzz::require(c != '\0' || text.source().find('\0') != std::string::npos);
  }
  if (text.constant()) fuzz::require(text.literal() == filled.text);
  const std::string value = text.json(subject);
  fuzz::require(value.empty() || json::Document::parse(value).ok());
  for (const std::string& one : text.list(subject)) fuzz::require(!one.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = repair_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  static const auto kParsed = wazuh::Alert::parse(kAlert);
  rules::Faults faults("/title");
  const rules::Template read = rules::Template::read(text, faults);
  for (const rules::Fault& fault : faults.list()) {
    fuzz::require(fault.offset <= text.size());
    for (const char c : rules::line_of(fault)) fuzz::require(static_cast<unsigned char>(c) >= 0x20);
  }
  if (faults.none()) {
    fuzz::require(read.source() == text);
    check(read, *kParsed);
  }
  check(rules::Template(text), *kParsed);
  return 0;
}

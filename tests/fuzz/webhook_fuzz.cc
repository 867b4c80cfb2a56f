// SPDX-License-Identifier: Apache-2.0
// Bytes as the body of a webhook, as its Authorization field, and as a file of formats. The results
// are alerts, the same each time.
#include <cstdint>
#include <string>
#include <string_view>

#include "receive/body_format.h"
#include "receive/body_reader.h"
#include "receive/tokens.h"
#include "scratch.h"
#include "wazuh/alert.h"

namespace {

using namespace socbridge;

const receive::BodyFormats& formats() {
  static const receive::BodyFormats kFormats = *receive::BodyFormats::read(
      R"({"formats":[{"name":"a","match":{"path":"data.k"},"each":"l","id":"{data.i}",
          "timestamp":"{data.t}","title":"{data.n|'no title'}","rule_id":"{data.r}",
          "agent":"{data.h}","source":"{data.s}","level":{"from":"data.v","map":{"x":13},
          "default":"{data.v}"},"groups":["g","{data.g}"]}]})",
      "formats");
  return kFormats;
}

std::string references(std::string_view body) {
  const auto alerts = receive::read_body(body, formats());
  if (!alerts.ok()) {
    fuzz::require(alerts.status().code() == ExitCode::bad_input);
    return {};
  }
  fuzz::require(!alerts->empty() && alerts->size() <= receive::kMostAlerts);
  std::string all;
  for (const std::string& text : *alerts) {
    const auto alert = wazuh::Alert::parse(text);
    fuzz::require(alert.ok());
    fuzz::require(alert->level >= 0 && alert->level <= 16);
    const std::string reference = wazuh::source_ref(*alert);
    fuzz::require(!reference.empty() && reference.size() <= 64);
    all += reference + "\n";
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::require(references(bytes) == references(bytes));
  const auto other = receive::BodyFormats::read(bytes, "fuzz");
  if (other.ok()) static_cast<void>(receive::read_body(R"({"a":1,"l":[{"b":2}]})", *other));
  static const receive::Tokens kTokens = *receive::Tokens::of({Secret("0123456789abcdef")});
  if (kTokens.allow(bytes)) {
    const bool bearer = bytes.find("0123456789abcdef") != std::string_view::npos;
    fuzz::require(bearer || bytes.find("MDEyMzQ1Njc4OWFiY2RlZ") != std::string_view::npos ||
                  bytes.find(' ') != std::string_view::npos);
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Any bytes as an answer of OpenCTI: no crash, error lines are single printable lines, and a
// refusal is never treated as an answer.
#include <cstdint>
#include <string>
#include <string_view>

#include "context/context_view.h"
#include "json/value.h"
#include "opencti/answer.h"
#include "opencti/connectors.h"
#include "opencti/context.h"
#include "opencti/entities.h"
#include "opencti/stix/value.h"
#include "scratch.h"

namespace {

namespace opencti = socbridge::opencti;
using socbridge::Status;

void check_line(const Status& status) {
  fuzz::require(!status.ok());
  for (const char c : status.line()) fuzz::require(static_cast<unsigned char>(c) >= 0x20);
}

// Everything that reads parts of an answer, on every part.
void read_parts(socbridge::json::Value value, int depth) {
  opencti::Context context;
  context.value = opencti::value_of("ip", "198.51.100.7");
  context.observables.push_back(opencti::read_observable(value));
  context.indicators.push_back(opencti::read_indicator(value));
  context.reports.push_back(opencti::read_report(value));
  const opencti::Relationship link = opencti::read_relationship(value);
  opencti::Link near;
  near.threat = link.from;
  near.kind = link.kind;
  near.subject = context.observables[0].standard_id;
  near.end = opencti::Link::End::source;
  opencti::Link far;
  far.threat = link.to;
  far.kind = link.kind;
  far.via = link.from.name;
  far.via_id = link.from.id;
  context.links.push_back(near);
  context.links.push_back(far);
  fuzz::require(socbridge::json::Document::parse(socbridge::context::to_json(context, 0)).ok());
  for (const char c : socbridge::context::to_tree(context, 0, {})) {
    fuzz::require(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  }
  (void)socbridge::context::to_markdown(context, 0);
  constexpr int kDeepest = 4;
  if (depth == kDeepest) return;
  for (std::size_t i = 0; i < value.size() && i < 8; ++i) read_parts(value.value_at(i), depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const int status : {200, 400, 500}) {
    socbridge::http::Outcome outcome;
    outcome.response.status = status;
    outcome.response.content_type = "application/json";
    outcome.response.body = text;
    const auto answer = opencti::accept("asking", outcome);
    if (!answer.ok()) {
      check_line(answer.status());
      continue;
    }
    fuzz::require(status < 500);
    const Status errors = opencti::errors_status("asking", *answer);
    fuzz::require(errors.ok() == answer->errors.empty());
    if (!errors.ok()) check_line(errors);
    if (status == 200) read_parts(answer->data(), 0);
  }
  fuzz::require(opencti::last_run_of_state(text) >= 0);
  if (const auto value = opencti::read_value(text); value.ok()) {
    (void)opencti::lookup_keys_of(*value);
    const auto made = opencti::new_observable(*value);
    fuzz::require(made.type.empty() || socbridge::json::Document::parse(made.input_json).ok());
  }
  return 0;
}

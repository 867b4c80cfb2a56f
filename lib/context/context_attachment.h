// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time.h"
#include "context/attachment.h"
#include "marking/marking_rule.h"
#include "opencti/context.h"
#include "thehive/observables.h"
#include "thehive/subject.h"

namespace socbridge::context {

// An alert or a case with its observables, as enrichment needs them.
struct Target {
  thehive::Subject subject;
  std::string name;  // "case #42 Phishing", for people
  std::string link;  // URL in TheHive
  std::string key;   // constant, also after a rename: "TheHive case ~42"
  marking::PlaceLimits limits;
  UnixMillis date_ms = 0;
  std::vector<thehive::ObservableInfo> observables;
};
// `name` as users write it: `42`, `#42`, `~123`, a sourceRef.
Result<Target> read_case_target(thehive::Client& client, std::string_view name,
                                const Deadline& deadline);
Result<Target> read_alert_target(thehive::Client& client, std::string_view name,
                                 const Deadline& deadline);

// The values of its observables, each once; files are looked up by SHA-256.
std::vector<opencti::Value> values_of(const Target& target);
opencti::Value value_of(const thehive::ObservableInfo& observable);

// Removes what may not be written to the target: observables and indicators with all objects linked
// through them, links by the markings of the relationship and both threats, reports. Returns the
// number of removed objects, which is also in `context.withheld`.
std::size_t withhold(opencti::Context& context, const marking::MarkingRule& rule,
                     const marking::PlaceLimits& place);

// Tags for what OpenCTI knows: `opencti:known`, `opencti:malware="…"`, `opencti:label="…"`; only
// `opencti:revoked` if all indicators are revoked. Indirect relationships are not tagged. At most
// 30.
std::vector<std::string> tags_of(const opencti::Context& context);

// The note, tags and procedures for the target. Values unknown to OpenCTI are left out; if all are,
// the attachment is empty. `techniques_of_threats`: also the techniques that linked threats use,
// which may be hundreds.
Attachment make_attachment(const Target& target, const std::vector<opencti::Context>& contexts,
                           bool techniques_of_threats, UnixMillis now_ms);

}  // namespace socbridge::context

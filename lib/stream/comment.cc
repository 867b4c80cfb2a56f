// SPDX-License-Identifier: Apache-2.0
#include "stream/comment.h"

#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "hash/digest.h"
#include "mapping/describe/markdown.h"
#include "stream/index/match_network.h"

namespace socbridge::stream {
namespace {

constexpr std::string_view kMark = "socbridge:opencti:";
constexpr std::size_t kPair = 16;
constexpr std::size_t kMostUnits = 1000;
constexpr std::string_view kSuperseded =
    "*No longer current: a newer comment says what OpenCTI knows now.*";

std::string safe(std::string_view text) { return mapping::escape_markdown(text, kMostUnits); }

void line(std::string& out, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  out += "- ";
  out += name;
  out += ": " + value + "\n";
}

std::string safe_list(const std::vector<std::string>& texts) {
  constexpr std::size_t kMost = 20;
  return joined_as(
      texts, [](const std::string& text) { return safe(text); }, kMost);
}

// The subject of the comment: the observable, or the network or address that matched it.
std::string subject(const StreamMatch& match, std::string_view observable) {
  const std::string value = "**" + safe(observable) + "**";
  const std::string own = match.key.kind == "ip" ? ip_value(trim(observable)) : std::string();
  if (own.empty() || own == match.key.value) return value;
  const std::string found = "**" + safe(match.key.value) + "**";
  return network_of(match.key) ? "the network " + found + " (" + value + " lies in it)"
                               : found + " (it lies in " + value + ")";
}

std::string headline(const StreamMatch& match, std::string_view observable) {
  const std::string what = match.indicator.starts_with("indicator--") ? "indicator" : "observable";
  const std::string value = subject(match, observable);
  if (match.state == "deleted") return "OpenCTI has deleted its " + what + " for " + value + ".";
  if (match.state == "withdrawn") {
    return "The " + what + " for " + value +
           " has left the OpenCTI stream: it no longer fits its filter.";
  }
  if (match.state == "edited") {
    return "OpenCTI's " + what + " no longer names " + value + ": its pattern was edited.";
  }
  if (match.state == "merged") {
    return "OpenCTI has merged its " + what + " for " + value + " into another one.";
  }
  if (match.state == "withheld") {
    return "What OpenCTI says about " + value +
           " is not shown here any more: its marking is above what may be written here.";
  }
  if (!match.active()) return "OpenCTI's " + what + " for " + value + " is " + match.state + ".";
  return "OpenCTI knows " + value + " as an " + what + ".";
}

std::string link(const StreamMatch& match, std::string_view dashboard) {
  if (dashboard.empty() || match.opencti_id.empty() || match.state == "deleted" ||
      match.state == "merged") {
    return {};
  }
  const bool indicator = match.indicator.starts_with("indicator--");
  const bool plain =
      match.opencti_id.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
  if (!plain) return {};
  return std::string(dashboard) + "/dashboard/observations/" +
         (indicator ? "indicators/" : "observables/") + match.opencti_id;
}

}  // namespace

std::string Mark::text() const {
  return std::string(kMark) + pair + ":" + state + ":" + event.text();
}

std::string pair_of(std::string_view observable_id, std::string_view thing) {
  return sha256_hex(std::string(observable_id) + "|" + std::string(thing)).substr(0, kPair);
}

std::optional<Mark> mark_of(std::string_view comment) {
  comment = trim(comment);
  // Only the last line is trusted: text before it may come from feeds.
  const std::size_t line = comment.rfind('\n');
  if (line != std::string_view::npos) comment.remove_prefix(line + 1);
  if (!comment.starts_with('`') || !comment.ends_with('`') || comment.size() < 2)
    return std::nullopt;
  comment = comment.substr(1, comment.size() - 2);
  if (!comment.starts_with(kMark)) return std::nullopt;
  const auto parts = split(comment.substr(kMark.size()), ':');
  if (parts.size() != 3 || parts[0].size() != kPair) return std::nullopt;
  const auto event = opencti::EventId::parse(parts[2]);
  if (!event) return std::nullopt;
  return Mark{std::string(parts[0]), std::string(parts[1]), *event};
}

std::string comment_text(const StreamMatch& match, std::string_view observable, const Mark& mark,
                         std::string_view dashboard) {
  std::string out = headline(match, observable) + "\n\n";
  if (match.partial && match.active()) {
    out += "The value is only one of the conditions of the pattern.\n\n";
  }
  if (match.name != observable) line(out, "Name", safe(match.name));
  line(out, "Score", match.score ? std::to_string(*match.score) + " of 100" : std::string());
  line(out, "Valid until", safe(match.valid_until));
  line(out, "Labels", safe_list(match.labels));
  line(out, "Tactics", safe_list(match.tactics));
  line(out, "Pattern", safe(match.pattern));
  line(out, "Description", safe(match.description));
  line(out, "References", safe_list(match.references));
  line(out, "STIX id", safe(match.indicator));
  line(out, "In OpenCTI", link(match, dashboard));
  out += "\n`" + mark.text() + "`";
  return out;
}

std::string superseded(std::string_view comment) {
  if (comment.starts_with(kSuperseded)) return std::string(comment);
  return std::string(kSuperseded) + "\n\n" + std::string(comment);
}

StreamMatch without_content(const StreamMatch& match) {
  StreamMatch out;
  out.key = match.key;
  out.observables = match.observables;
  out.indicator = match.indicator;
  out.former = match.former;
  out.opencti_id = match.opencti_id;
  out.state = match.active() ? "withheld" : match.state;
  out.event = match.event;
  out.markings = match.markings;
  return out;
}

std::vector<std::string> observable_tags(const StreamMatch& match) {
  constexpr std::size_t kMostLabels = 10;
  std::vector<std::string> out;
  if (!match.active()) return {"opencti:" + match.state};
  out.emplace_back("opencti");
  for (std::size_t i = 0; i < std::min(match.labels.size(), kMostLabels); ++i) {
    out.push_back("opencti:" + match.labels[i]);
  }
  return out;
}

std::vector<std::string> stale_tags(const StreamMatch& match) {
  std::vector<std::string> out;
  for (const std::string_view state :
       {"revoked", "expired", "deleted", "withdrawn", "edited", "merged", "withheld"}) {
    if (match.state != state) out.push_back("opencti:" + std::string(state));
  }
  return out;
}

}  // namespace socbridge::stream

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "base/joined.h"
#include "context/context_view.h"
#include "mapping/describe/markdown.h"

namespace socbridge::context {
namespace {

constexpr std::size_t kMaxText = 200;

std::string safe(std::string_view text) { return mapping::escape_markdown(text, kMaxText); }

std::string safe_list(const std::vector<std::string>& texts) {
  return joined_as(texts, [](const std::string& text) { return safe(text); });
}

void add(std::string& line, const std::string& text) {
  if (!text.empty()) line += "; " + text;
}

void add_score(std::string& line, const std::optional<std::int64_t>& score) {
  if (score) add(line, "score " + std::to_string(*score));
}

std::string threat_line(const opencti::Link& link) {
  std::string threat = safe(link.threat.type) + " ";
  if (!link.threat.mitre_id.empty()) threat += safe(link.threat.mitre_id) + " ";
  threat += "**" + safe(link.threat.name) + "**";
  const std::string near = link.via.empty() ? std::string("it") : safe(link.via);
  std::string out = "- ";
  if (link.end == opencti::Link::End::source) {
    out += threat + " " + safe(link.kind) + " " + near;
  } else {
    out += (link.via.empty() ? "" : near + " ") + safe(link.kind) + " " + threat;
  }
  if (!link.threat.aliases.empty()) add(out, "also " + safe_list(link.threat.aliases));
  add(out, safe_list(link.threat.tactics));
  if (!link.via.empty()) add(out, "through " + safe(link.via));
  return out + "\n";
}

}  // namespace

std::string to_markdown(const opencti::Context& context, UnixMillis now_ms) {
  std::string out = "### " + safe(context.value.text) + " (" + safe(context.value.type) + ")\n\n";
  if (!context.status.ok()) return out + "OpenCTI could not look it up.\n";
  if (!context.known()) return out + "OpenCTI does not know it.\n";
  if (context.only_revoked()) out += "OpenCTI has revoked all its indicators.\n\n";
  for (const auto& one : context.observables) {
    std::string line = "- " + safe(one.type);
    // A network that contains the address is another value.
    if (context.value.type == "ip" && one.value.find('/') != std::string::npos) {
      line += " " + safe(one.value);
    }
    add_score(line, one.score);
    add(line, safe_list(one.markings));
    add(line, safe_list(one.labels));
    add(line, safe(one.author));
    out += line + "\n";
    for (const opencti::Reference& reference : one.references) {
      out += "  - " + safe(reference.source) + " " + safe(reference.url) + "\n";
    }
  }
  for (const auto& one : context.indicators) {
    std::string line = "- Indicator " + safe(one.pattern);
    add_score(line, one.score);
    add(line, one.state(now_ms));
    if (!one.valid_until.empty()) add(line, "until " + safe(one.valid_until.substr(0, 10)));
    add(line, safe_list(one.markings));
    add(line, safe_list(one.labels));
    add(line, safe(one.author));
    out += line + "\n";
  }
  std::vector<std::string>
      lines;  // links that are equal for an observable and its indicator appear once
  for (const opencti::Link& link : context.links) {
    std::string line = threat_line(link);
    if (std::find(lines.begin(), lines.end(), line) != lines.end()) continue;
    out += line;
    lines.push_back(std::move(line));
  }
  for (const opencti::Report& one : context.reports) {
    std::string line = "- Report " + safe(one.name);
    add(line, safe(one.published.substr(0, 10)));
    add(line, safe(one.author));
    out += line + "\n";
  }
  return out;
}

}  // namespace socbridge::context

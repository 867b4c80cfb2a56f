#include <vector>

#include "enrich/context_view.h"
#include "mapping/markdown.h"

namespace socbridge::enrich {
namespace {

constexpr std::size_t kMaxText = 200;

std::string safe(std::string_view text) { return mapping::escape_markdown(text, kMaxText); }

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + safe(text);
  return out;
}

void add(std::string& line, const std::string& text) {
  if (!text.empty()) line += "; " + text;
}

void add_score(std::string& line, const std::optional<std::int64_t>& score) {
  if (score) add(line, "score " + std::to_string(*score));
}

std::string threat_line(const opencti::Link& link) {
  std::string out = "- " + safe(link.kind) + " " + safe(link.threat.type) + " ";
  if (!link.threat.mitre_id.empty()) out += safe(link.threat.mitre_id) + " ";
  out += "**" + safe(link.threat.name) + "**";
  if (!link.threat.aliases.empty()) add(out, "also " + joined(link.threat.aliases));
  add(out, joined(link.threat.tactics));
  if (!link.via.empty()) add(out, "through " + safe(link.via));
  return out + "\n";
}

}  // namespace

std::string to_markdown(const opencti::Context& context, UnixMillis now_ms) {
  std::string out = "### " + safe(context.value.text) + " (" + safe(context.value.type) + ")\n\n";
  if (!context.known()) return out + "OpenCTI does not know it.\n";
  for (const auto& one : context.observables) {
    std::string line = "- " + safe(one.type);
    add_score(line, one.score);
    add(line, joined(one.markings));
    add(line, joined(one.labels));
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
    add(line, joined(one.markings));
    add(line, joined(one.labels));
    add(line, safe(one.author));
    out += line + "\n";
  }
  for (const opencti::Link& link : context.links) out += threat_line(link);
  for (const opencti::Report& one : context.reports) {
    std::string line = "- Report " + safe(one.name);
    add(line, safe(one.published.substr(0, 10)));
    add(line, safe(one.author));
    out += line + "\n";
  }
  return out;
}

}  // namespace socbridge::enrich

// SPDX-License-Identifier: Apache-2.0
#include "context/context_attachment.h"

#include <algorithm>

#include "base/text.h"
#include "context/context_view.h"
#include "mapping/describe/markdown.h"

namespace socbridge::context {
namespace {

using opencti::Context;
using opencti::Link;

constexpr std::size_t kMostTags = 30;
constexpr std::size_t kMostText = 400000;  // bytes; TheHive accepts more, proxies before it do not

void add_new(std::vector<std::string>& into, std::string text, std::size_t most) {
  if (into.size() >= most) return;
  if (std::find(into.begin(), into.end(), text) == into.end()) into.push_back(std::move(text));
}

// `opencti:malware="Emotet"`; a longer tag would be refused, or cut to another name.
std::string tag(std::string_view predicate, std::string_view value) {
  std::string clean;
  for (const char c : repair_utf8(value)) clean += c == '"' ? '\'' : c;
  clean = printable(clean, thehive::limits::kTag);
  std::string out = "opencti:" + std::string(predicate) + "=\"" + clean + "\"";
  return utf16_length(out) <= thehive::limits::kTag ? out : std::string();
}

// Removes objects that may not be shown; `gone` is called before each removal.
template <typename T, typename Gone>
std::size_t take_out(std::vector<T>& things, const marking::MarkingRule& rule,
                     const marking::PlaceLimits& place, Gone gone) {
  return std::erase_if(things, [&](const T& one) {
    const bool above = !may_show(rule, one.markings, place);
    if (above) gone(one);
    return above;
  });
}

std::vector<thehive::Procedure> procedures_of(const Target& target,
                                              const std::vector<Context>& contexts,
                                              bool of_threats) {
  std::vector<thehive::Procedure> out;
  for (const Context& context : contexts) {
    for (const Link& link : context.links) {
      const opencti::Threat& threat = link.threat;
      if (threat.type != "Attack-Pattern" || threat.mitre_id.empty()) continue;
      if (!link.via.empty() && !of_threats) continue;
      const bool twice = std::any_of(out.begin(), out.end(), [&](const thehive::Procedure& other) {
        return other.pattern_id == threat.mitre_id;
      });
      if (twice) continue;
      const std::string why =
          "OpenCTI: " + mapping::escape_markdown(context.value.text, 200) +
          (link.via.empty() ? " " : " through ") +
          mapping::escape_markdown(link.via.empty() ? link.kind : link.via, 100);
      out.push_back({threat.mitre_id, target.date_ms, {}, why});
    }
  }
  return out;
}

}  // namespace

std::size_t withhold(Context& context, const marking::MarkingRule& rule,
                     const marking::PlaceLimits& place) {
  std::vector<std::string> gone;
  const auto keep = [&](const auto& one) { gone.push_back(one.standard_id); };
  std::size_t subjects = take_out(context.observables, rule, place, keep);
  subjects += take_out(context.indicators, rule, place, keep);
  std::erase_if(context.links, [&](const Link& link) {
    return link.via.empty() && std::find(gone.begin(), gone.end(), link.subject) != gone.end();
  });
  const auto forget = [](const auto&) {};
  std::size_t out = subjects + take_out(context.links, rule, place, forget);
  std::vector<std::string> near;
  for (const Link& link : context.links) {
    if (link.via.empty()) near.push_back(link.threat.id);
  }
  std::erase_if(context.links, [&](const Link& link) {
    return !link.via.empty() && std::find(near.begin(), near.end(), link.via_id) == near.end();
  });
  out += take_out(context.reports, rule, place, forget);
  // It is unknown which of the objects a report is about.
  if (subjects > 0) context.reports.clear();
  context.withheld += out;
  return out;
}

std::vector<std::string> tags_of(const Context& context) {
  std::vector<std::string> out;
  if (!context.known()) return out;
  if (context.only_revoked()) return {"opencti:revoked"};
  out.emplace_back("opencti:known");
  for (const Link& link : context.links) {
    if (!link.via.empty() || link.threat.type == "Attack-Pattern") continue;
    const bool actor = link.threat.type.starts_with("Threat-Actor");
    std::string one = tag(actor ? "threat-actor" : ascii_lower(link.threat.type), link.threat.name);
    if (!one.empty()) add_new(out, std::move(one), kMostTags);
  }
  const auto add_labels = [&](const std::vector<std::string>& labels) {
    for (const std::string& label : labels) {
      std::string one = tag("label", label);
      if (!one.empty()) add_new(out, std::move(one), kMostTags);
    }
  };
  for (const auto& one : context.observables) add_labels(one.labels);
  for (const auto& one : context.indicators) add_labels(one.labels);
  return out;
}

Attachment make_attachment(const Target& target, const std::vector<Context>& contexts,
                           bool techniques_of_threats, UnixMillis now_ms) {
  Attachment out;
  out.marker = "socbridge:opencti-context";
  out.title = "OpenCTI context";
  std::size_t unknown = 0;
  std::size_t left_out = 0;
  std::string body;
  for (const Context& context : contexts) {
    if (!context.known()) {
      if (context.withheld == 0 && context.status.ok()) ++unknown;
      continue;
    }
    const std::string part = to_markdown(context, now_ms) + "\n";
    if (body.size() + part.size() > kMostText) {
      ++left_out;
    } else {
      body += part;
    }
    for (std::string& tag : tags_of(context)) add_new(out.tags, std::move(tag), kMostTags);
  }
  for (const thehive::ObservableInfo& observable : target.observables) {
    const opencti::Value value = value_of(observable);
    const auto found = std::find_if(contexts.begin(), contexts.end(), [&](const Context& one) {
      return one.value.type == value.type && one.value.text == value.text;
    });
    if (found == contexts.end() || !found->known()) continue;
    out.observable_tags.push_back({observable.id, observable.text(), tags_of(*found)});
  }
  if (body.empty()) return out;
  out.text = "## OpenCTI context\n\n" + body;
  if (unknown > 0) out.text += std::to_string(unknown) + " other observables are not known.\n";
  if (left_out > 0) {
    out.text += std::to_string(left_out) + " more are known, but this note is full.\n";
  }
  out.procedures = procedures_of(target, contexts, techniques_of_threats);
  return out;
}

}  // namespace socbridge::context

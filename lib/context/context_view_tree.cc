// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "base/joined.h"
#include "base/text.h"
#include "context/context_view.h"

namespace socbridge::context {
namespace {

using opencti::Context;
using term::Style;

constexpr std::int64_t kHighScore = 70, kMiddleScore = 40;

struct Node {
  std::string text;
  std::vector<Node> children;
};

std::string printable_list(const std::vector<std::string>& texts) {
  return joined_as(texts, [](const std::string& text) { return printable(text, 80); });
}

class Tree {
 public:
  Tree(const Context& context, UnixMillis now_ms, const term::Terminal& terminal)
      : context_(context), now_ms_(now_ms), color_(terminal.color) {}

  std::string draw() {
    std::string out = paint(printable(context_.value.text, 200), Style::bold) + "  " +
                      paint(printable(context_.value.type, 40), Style::dim);
    if (!context_.status.ok()) return out + "  " + paint("not asked", Style::red) + "\n";
    if (!context_.known()) return out + "  " + paint("not known", Style::dim) + "\n";
    out += context_.only_revoked() ? "  " + paint("revoked", Style::dim) + "\n" : "\n";
    std::vector<Node> top;
    for (const auto& one : context_.observables) top.push_back(observable(one));
    for (const auto& one : context_.indicators) top.push_back(indicator(one));
    for (const opencti::Report& one : context_.reports) {
      top.push_back(
          {"report " + printable(one.name, 120) + details({day(one.published), one.author}), {}});
    }
    draw(top, "", out);
    return out;
  }

 private:
  std::string paint(std::string_view text, Style style) const {
    return term::paint(text, style, color_);
  }

  static std::string day(const std::string& time) { return time.substr(0, 10); }

  std::string details(const std::vector<std::string>& parts) const {
    std::string out;
    for (const std::string& part : parts) {
      if (!part.empty()) out += (out.empty() ? "" : ", ") + printable(part, 120);
    }
    return out.empty() ? out : paint(" (" + out + ")", Style::dim);
  }

  std::string score(const std::optional<std::int64_t>& number) const {
    if (!number) return {};
    const Style style = *number >= kHighScore     ? Style::red
                        : *number >= kMiddleScore ? Style::yellow
                                                  : Style::none;
    return "  " + paint("score " + std::to_string(*number), style);
  }

  Node observable(const opencti::Observable& one) const {
    // A network that contains the address is another value.
    const bool network = context_.value.type == "ip" && one.value.find('/') != std::string::npos;
    Node out{printable(one.type, 40) + " observable" +
                 (network ? " " + printable(one.value, 60) : std::string()) + score(one.score) +
                 details({printable_list(one.markings), printable_list(one.labels), one.author}),
             {}};
    for (const opencti::Reference& reference : one.references) {
      out.children.push_back(
          {"reference " + printable(reference.source, 60) + " " + printable(reference.url, 160),
           {}});
    }
    add_links(one.standard_id, out);
    return out;
  }

  Node indicator(const opencti::Indicator& one) const {
    const std::string state = one.state(now_ms_);
    Node out{"indicator " + printable(one.pattern, 160) + score(one.score) + "  " +
                 paint(state, state == "valid" ? Style::green : Style::dim) +
                 details({one.valid_until.empty() ? "" : "until " + day(one.valid_until),
                          printable_list(one.markings), printable_list(one.labels), one.author}),
             {}};
    add_links(one.standard_id, out);
    return out;
  }

  // Adds every direct link below its subject, and indirect links below these.
  void add_links(const std::string& subject, Node& parent) const {
    for (const opencti::Link& link : context_.links) {
      if (!link.via.empty() || link.subject != subject) continue;
      Node child = threat(link);
      for (const opencti::Link& far : context_.links) {
        if (far.via_id == link.threat.id) child.children.push_back(threat(far));
      }
      parent.children.push_back(std::move(child));
    }
  }

  Node threat(const opencti::Link& link) const {
    const opencti::Threat& of = link.threat;
    const std::string kind = printable(link.kind, 40);
    std::string text = ascii_lower(printable(of.type, 40)) + " ";
    if (!of.mitre_id.empty()) text += printable(of.mitre_id, 20) + " ";
    text += paint(printable(of.name, 120), Style::bold);
    if (link.end == opencti::Link::End::target) {
      text = kind + " " + text;
    } else {
      text += " " + kind + " " + (link.via.empty() ? "it" : printable(link.via, 120));
    }
    const std::string aliases = printable_list(of.aliases);
    return {text + details({aliases.empty() ? "" : "also " + aliases, printable_list(of.tactics)}),
            {}};
  }

  static void draw(const std::vector<Node>& nodes, const std::string& before, std::string& out) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const bool last = i + 1 == nodes.size();
      out += before + (last ? "└─ " : "├─ ") + nodes[i].text + "\n";
      draw(nodes[i].children, before + (last ? "   " : "│  "), out);
    }
  }

  const Context& context_;
  UnixMillis now_ms_;
  bool color_;
};

}  // namespace

std::string to_tree(const Context& context, UnixMillis now_ms, const term::Terminal& terminal) {
  return Tree(context, now_ms, terminal).draw();
}

Summary summarise(const Context& context) {
  Summary out;
  std::optional<std::int64_t> best;
  std::vector<std::string> labels, markings, threats, techniques;
  const auto add = [](std::vector<std::string>& into, const std::vector<std::string>& from) {
    for (const std::string& text : from) {
      if (std::find(into.begin(), into.end(), text) == into.end()) into.push_back(text);
    }
  };
  const auto take = [&](const auto& one) {
    if (one.score && (!best || *one.score > *best)) best = one.score;
    add(labels, one.labels);
    add(markings, one.markings);
  };
  for (const auto& one : context.observables) take(one);
  for (const auto& one : context.indicators) take(one);
  for (const opencti::Link& link : context.links) {
    if (link.threat.type == "Attack-Pattern") {
      if (link.via.empty() && !link.threat.mitre_id.empty())
        add(techniques, {link.threat.mitre_id});
    } else {
      add(threats, {link.threat.name});
    }
  }
  if (best) out.score = std::to_string(*best);
  out.labels = printable_list(labels);
  out.markings = printable_list(markings);
  out.threats = printable_list(threats);
  out.techniques = printable_list(techniques);
  return out;
}

}  // namespace socbridge::context

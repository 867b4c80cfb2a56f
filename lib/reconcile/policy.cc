// SPDX-License-Identifier: Apache-2.0
#include "reconcile/policy.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "mapping/mapping.h"

namespace socbridge::reconcile {
namespace {

const thehive::Endpoint& endpoint_of(const integration::BlockRoute& block) {
  return block.loaded.settings.endpoint;
}

bool leads_to(const integration::BlockRoute& block, const Wanted& wanted) {
  const thehive::Endpoint& endpoint = endpoint_of(block);
  return endpoint.url == wanted.url && endpoint.organisation == wanted.organisation;
}

void fill_organisation(const std::vector<integration::BlockRoute>& blocks, Wanted& wanted) {
  if (!wanted.organisation.empty()) return;
  const auto first = std::find_if(
      blocks.begin(), blocks.end(),
      [&](const integration::BlockRoute& block) { return endpoint_of(block).url == wanted.url; });
  if (first != blocks.end()) wanted.organisation = endpoint_of(*first).organisation;
}

bool goes_to(const wazuh::Alert& alert, const Route& route) {
  const std::vector<std::string> names = mapping::destinations_of(alert, route.mapping).names;
  return std::find(names.begin(), names.end(), route.name) != names.end();
}

std::string target_of(const integration::BlockRoute& block) {
  const thehive::Endpoint& endpoint = endpoint_of(block);
  std::string text = endpoint.url.empty() ? "no URL" : printable(endpoint.url, 100);
  if (!endpoint.organisation.empty()) text += ", " + printable(endpoint.organisation, 60);
  return text;
}

}  // namespace

Choice choose(const std::vector<Route>& routes, const wazuh::Alert& alert) {
  Choice choice;
  choice.by_block = true;
  for (const Route& route : routes) {
    if (!route.filter.left_out(alert.root()).empty()) continue;
    choice.by_block = false;
    if (!mapping::skip_reason(alert, route.mapping).empty()) continue;
    if (!goes_to(alert, route)) {
      choice.elsewhere = true;
      continue;
    }
    choice.elsewhere = false;
    choice.route = &route;
    return choice;
  }
  return choice;
}

Selection select_blocks(std::vector<integration::BlockRoute> all, Wanted wanted) {
  Selection out;
  fill_organisation(all, wanted);
  const bool any = std::any_of(all.begin(), all.end(), [&](const integration::BlockRoute& block) {
    return leads_to(block, wanted);
  });
  std::string others;
  std::size_t number = 0;
  for (integration::BlockRoute& block : all) {
    ++number;
    if (!any || leads_to(block, wanted)) {
      out.places.push_back(block.place);
      out.blocks.push_back(std::move(block));
      continue;
    }
    out.elsewhere.push_back(block.place + " to " + target_of(block));
    others += (others.empty() ? "" : ", ") + std::string("--block ") + std::to_string(number) +
              " (" + target_of(block) + ")";
  }
  if (!others.empty()) {
    out.remarks.push_back("checked " + printable(wanted.url, 100) +
                          " alone; other blocks lead elsewhere: " + others);
  }
  if (!any && !out.blocks.empty()) {
    out.remarks.push_back("no block leads to " + printable(wanted.url, 100) +
                          "; alerts that any block accepts count as forwarded");
  }
  return out;
}

}  // namespace socbridge::reconcile

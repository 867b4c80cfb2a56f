// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "json/value.h"

namespace socbridge::wazuh {

// Whether the commas of a text separate several or belong to it.
enum class Commas { separate, belong };

// Texts of an array, a scalar, or a comma-separated string, without empty ones and duplicates.
std::vector<std::string> list_of(json::Value value, Commas commas = Commas::separate);

// Appends a text that is neither empty nor already in the list, up to 1,000 texts.
void add_once(std::vector<std::string>& list, std::string text);

// T1110 or T1110.001.
bool is_technique_id(std::string_view text);

class Alert;
// Fills the fields from a 4.x alert; read_v5() from a 5.x finding.
void read_v4(Alert& alert, json::Value root);
void read_v5(Alert& alert, json::Value root);

}  // namespace socbridge::wazuh

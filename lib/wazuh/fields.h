// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "json/value.h"

namespace socbridge::wazuh {

// Whether the commas of a text separate several or belong to it.
enum class Commas { separate, belong };

// Texts of an array, of a single scalar, or of a comma-separated string; empty ones and repeats
// left out.
std::vector<std::string> list_of(json::Value value, Commas commas = Commas::separate);

// Adds a text if it is not empty and not there yet, and the list has less than 1,000.
void add_once(std::vector<std::string>& list, std::string text);

// T1110 or T1110.001.
bool is_technique_id(std::string_view text);

class Alert;
// Fill the fields from a 4.x alert and from a 5.x finding.
void read_v4(Alert& alert, json::Value root);
void read_v5(Alert& alert, json::Value root);

}  // namespace socbridge::wazuh

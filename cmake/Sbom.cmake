# SPDX-License-Identifier: Apache-2.0
# socbridge_write_sbom(<file>): the components of this build (Components.cmake) as CycloneDX 1.5.
# Identical for two configurations of one commit: the time is the commit's, the serial number is
# derived from the content.
function(socbridge_write_sbom out)
  get_property(components GLOBAL PROPERTY socbridge_components)
  list(SORT components CASE INSENSITIVE)
  set(parts "")
  set(links "")
  set(programs custom-w2thive socctl soc-sandbox)
  foreach(program IN LISTS programs)
    list(APPEND parts "    {
      \"type\": \"application\",
      \"bom-ref\": \"${program}\",
      \"name\": \"${program}\",
      \"version\": \"${PROJECT_VERSION}\",
      \"licenses\": [{\"license\": {\"id\": \"Apache-2.0\"}}]
    }")
    set(uses_${program} "")
  endforeach()
  foreach(name IN LISTS components)
    foreach(field IN ITEMS VERSION LICENCE SOURCE DISTRIBUTED PROGRAMS)
      get_property(${field} GLOBAL PROPERTY "socbridge_component_${name}_${field}")
    endforeach()
    foreach(program IN LISTS PROGRAMS)
      list(APPEND uses_${program} "\"${name}\"")
    endforeach()
    set(purl "")
    if(DISTRIBUTED)
      string(REPLACE "+" "%2B" purl "${SOURCE}@${DISTRIBUTED}")
      string(REPLACE ":" "%3A" purl "${purl}")
      set(purl ",\n      \"purl\": \"pkg:deb/debian/${purl}?arch=source\"")
    endif()
    if(LICENCE MATCHES " ")
      set(licence "{\"expression\": \"${LICENCE}\"}")
    else()
      set(licence "{\"license\": {\"id\": \"${LICENCE}\"}}")
    endif()
    list(APPEND parts "    {
      \"type\": \"library\",
      \"bom-ref\": \"${name}\",
      \"name\": \"${name}\",
      \"version\": \"${VERSION}\",
      \"licenses\": [${licence}]${purl}
    }")
  endforeach()
  foreach(program IN LISTS programs)
    list(JOIN uses_${program} ", " uses)
    list(APPEND links "    {\"ref\": \"${program}\", \"dependsOn\": [${uses}]}")
  endforeach()
  list(JOIN parts ",\n" parts)
  list(JOIN links ",\n" links)
  string(TIMESTAMP now "%Y-%m-%dT%H:%M:%SZ" UTC)
  string(UUID serial NAMESPACE 6ba7b811-9dad-11d1-80b4-00c04fd430c8 NAME "${PROJECT_VERSION}${now}${parts}" TYPE SHA1)
  file(CONFIGURE OUTPUT "${out}" @ONLY CONTENT [=[
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "serialNumber": "urn:uuid:@serial@",
  "version": 1,
  "metadata": {
    "timestamp": "@now@",
    "component": {
      "type": "application",
      "bom-ref": "socbridge",
      "name": "socbridge",
      "version": "@PROJECT_VERSION@",
      "licenses": [{"license": {"id": "Apache-2.0"}}]
    }
  },
  "components": [
@parts@
  ],
  "dependencies": [
    {"ref": "socbridge", "dependsOn": ["custom-w2thive", "socctl", "soc-sandbox"]},
@links@
  ]
}
]=])
endfunction()

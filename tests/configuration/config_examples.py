"""A small valid configuration that tests change."""

TARGETS = """\
version: 1
programmes:
  - {id: corridor, title: {en: Corridor, zh: 通道}}
publishers:
  - {id: office, title: {en: Port Office, zh: 口岸办}}
indicators:
  - id: volume
    title: {en: Volume, zh: 运量}
    measure: flow
    unit: TEU
    authority: office
    release: {every: quarter, lag: 31d, grace: 14d, calendar: CN}
targets:
  - id: volume-2025
    indicator: volume
    programme: corridor
    title: {en: Volume 2025, zh: 2025年运量}
    goal: {above: 270000}
    baseline: {value: 251800, period: 2024}
    start: 2025-01-01
    deadline: 2025-12-31
    plan: seasonal
    owner: {name: Port Office, email: office@example.org}
    announcement: {by: The deputy director, on: 2025-02-07}
"""
SOURCES = """\
version: 1
sources:
  - id: published
    kind: csv_file
    schedule: '0 9 * * *'
    options: {path: 'readings/*.csv'}
"""

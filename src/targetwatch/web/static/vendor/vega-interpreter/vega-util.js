/* What vega-interpreter imports from "vega-util", taken from the Vega that the page has loaded already. */
export const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;

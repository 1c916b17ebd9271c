/** What replies name as their maker, wherever they have a field for it. */
export const SIMULATOR_NAME = "rota-simulator";

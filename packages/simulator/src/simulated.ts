/** The name the simulator goes by, wherever a reply has a place for one. */
export const SIMULATOR_NAME = "rota-simulator";

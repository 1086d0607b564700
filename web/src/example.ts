/** A small HAR of an invented customer, for a first look. */
import har from "../../fixtures/inputs/ticket.har?raw";

export const EXAMPLE: string = har;

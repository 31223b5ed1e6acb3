/** A number that may be only the least there are: `1000+`. */
export const upTo = ({ total, more }: { readonly total: number; readonly more: boolean }): string => (more ? `${total}+` : String(total));

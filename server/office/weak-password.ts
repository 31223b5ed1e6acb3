/** Characters. */
export const SHORTEST_PASSWORD = 8;

/** What is chosen here and the list from elsewhere lacks. */
const chosenHere: ReadonlySet<string> = new Set(
  `5201314520 52013141314 1314520520 13145200 5201314a a5201314 woaini1314 woaini1314520 woaini520 woaini521 woaini123 aini1314
   159357159 147258369a asd123456 qwe123456 zxc123456 qaz123456 aa12345678 123456789a 12345678a a1s2d3f4g5 qwer1234 1qaz@wsx
   p@ssword p@ssw0rd1 password@123 pass@word1 welcome@123 admin1234 admin12345 admin123456 admin888 admin8888 admin@123 admin@1234
   root1234 root123456 guest1234 test123456 user1234 abc@1234 abc@12345 aa@123456 huawei@123 nihao123 nihao123456 zhang123 wang1234
   kefu1234 kefu12345 kefu123456 kefu8888 kefu2025 kefu2026 kefu@123 zuoxi123 zuoxi1234 zuoxi123456 zuoxi2025 zuoxi2026 zuoxi@123
   gongdan123 hujiao123 gongsi123 company123 callcenter callcenter1 demo-2026`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

let leaked: Promise<ReadonlySet<string>> | null = null;

/** About 18,000 of those that leaked most often; read when the first password is chosen. */
const leakedPasswords = (): Promise<ReadonlySet<string>> =>
  (leaked ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].filter((word) => word.length >= SHORTEST_PASSWORD)),
  ));

/**
 * Whether a password is too short, among the first that are guessed, or the staff number with little around it. Capitals,
 * full-width characters and marks at the end make none better.
 */
export async function isWeak(password: string, staffNo: string): Promise<boolean> {
  const plain = password.normalize('NFKC').toLowerCase();
  // The protocol counts halves of some characters.
  if ([...plain].length < SHORTEST_PASSWORD || isPattern(plain)) return true;
  const known = await leakedPasswords();
  const bare = plain.replace(/[^\p{L}\p{N}]+$/u, '');
  if ([plain, bare].some((word) => chosenHere.has(word) || known.has(word))) return true;
  const rest = plain.replace(staffNo.toLowerCase(), '');
  return rest !== plain && rest.length < 4;
}

/** What such lists leave out because a rule finds it: few characters, the same again and again, a row of them, a day. */
function isPattern(plain: string): boolean {
  if (new Set(plain).size < 3 || /^(.{1,4}?)\1+$/u.test(plain)) return true;
  const codes = [...plain].map((c) => c.codePointAt(0)!);
  const steps = new Set(codes.slice(1).map((code, i) => code - codes[i]!));
  if (steps.size === 1 || /^0?1?23456789/.test(plain)) return true;
  return /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(plain);
}

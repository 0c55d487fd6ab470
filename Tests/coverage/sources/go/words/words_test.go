package words

import "testing"

func TestFields(t *testing.T) {
	if got := Fields(" a  b "); len(got) != 2 {
		t.Errorf("got %q", got)
	}
}
